/** No page is taller than this; it scrolls inside its frame instead. */
const most = 20_000;
const least = 120;
/** So many equal steps of growth in a row, each an answer to the one before, are a page that grows with its frame. */
const mostEchoes = 6;
const echoMs = 1000;

/**
 * How tall a frame is made. It begins with what the window has room for, and follows the page's content; but not a page
 * that wants to be a bit taller than its frame, however tall that is (`min-height: 100vh` and a margin): such a page keeps
 * the room of the window and scrolls.
 */
export class Height {
  value: number;
  private step = 0;
  private echoes = 0;
  private at = -Infinity;
  private settled = false;

  constructor(
    private readonly now: () => number,
    private readonly room: number,
  ) {
    this.value = room;
  }

  /** The page says that its content is so tall. */
  follow(content: number): void {
    if (this.settled) return;
    const height = Math.min(most, Math.max(least, Math.ceil(content)));
    const step = height - this.value;
    const now = this.now();
    const isEcho = step > 0 && step === this.step && now - this.at < echoMs;
    this.echoes = isEcho ? this.echoes + 1 : 0;
    this.step = step;
    this.at = now;
    this.settled = this.echoes >= mostEchoes;
    this.value = this.settled ? this.room : height;
  }
}
