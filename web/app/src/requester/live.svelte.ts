import type { Progress } from '../lib/types';
import { getBatch } from './api';

const tryAgainMs = 5000;

/** Follows a batch's progress by server-sent events for as long as the page shows it. */
export class Live {
  progress = $state.raw<Progress | null>(null);
  lost = $state(false);

  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly batch: string) {}

  start(): void {
    const source = new EventSource(`/api/v1/batches/${encodeURIComponent(this.batch)}/events`);
    this.source = source;
    source.addEventListener('open', () => (this.lost = false));
    source.addEventListener('progress', (event) => {
      this.lost = false;
      this.progress = JSON.parse((event as MessageEvent<string>).data) as Progress;
    });
    source.addEventListener('error', () => {
      this.lost = true;
      // The browser tries again by itself, except after an answer such as 401 or 404.
      if (source.readyState === EventSource.CLOSED) this.timer = setTimeout(() => void this.again(), tryAgainMs);
    });
  }

  stop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  /** An ordinary request tells what is wrong: the session is over (it leads to sign in), or the server is away. */
  private async again(): Promise<void> {
    if (!this.source) return;
    try {
      this.progress = (await getBatch(this.batch)).progress;
      if (this.source) this.start();
    } catch {
      this.timer = setTimeout(() => void this.again(), tryAgainMs);
    }
  }
}
