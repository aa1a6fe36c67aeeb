// The frames of the task in hand and of those that come next, loaded ahead so that showing one takes no time. They are
// made and kept by hand: a frame that is moved within the document would load again.
import { TaskFrame, type FramedTask, type Listener, type Rights } from './frame';
import type { PageOptions } from './messages';
import { firstModule, moduleText } from './modules';
import type { PageOutput } from '../sheet';

export interface Wanted extends FramedTask {
  draft: PageOutput | undefined;
  seed: string | undefined;
}

export interface Setting {
  options: Omit<PageOptions, 'shuffle'>;
  rights: Rights;
  title: string;
}

const keyOf = ({ assignment, task }: FramedTask) => `${assignment}/${task}`;

export class FramePool {
  private readonly frames = new Map<string, TaskFrame>();

  constructor(
    private readonly place: HTMLElement,
    private readonly setting: Setting,
    private readonly listener: Listener,
  ) {
    window.addEventListener('message', this.hear);
    // While the first page is still to come.
    void moduleText(firstModule);
  }

  /** Shows the page of one of the wanted tasks, or none; gives its frame. */
  show(wanted: readonly Wanted[], task: string | null): TaskFrame | null {
    this.forget(new Set(wanted.map(keyOf)));
    let shown: TaskFrame | null = null;
    const now = wanted.find((each) => each.task === task);
    for (const frame of this.frames.values()) if (frame.shown && frame.of.task !== task) frame.hide();
    if (now) {
      shown = this.frames.get(keyOf(now)) ?? this.load(now);
      if (!shown.shown) shown.show(now.draft);
    }
    // The others wait for the one that is looked at.
    if (!shown || shown.ready || shown.trouble)
      for (const each of wanted) if (!this.frames.has(keyOf(each))) this.load(each);
    return shown;
  }

  /** Loads one page anew. */
  reload(wanted: Wanted): void {
    this.frames.get(keyOf(wanted))?.remove();
    this.load(wanted).show(wanted.draft);
  }

  /** Loads what did not come up, now that there is a connection again. */
  retry(wanted: readonly Wanted[]): void {
    for (const each of wanted) {
      const frame = this.frames.get(keyOf(each));
      if (!frame || frame.ready) continue;
      frame.remove();
      const again = this.load(each);
      if (frame.shown) again.show(each.draft);
    }
  }

  close(): void {
    window.removeEventListener('message', this.hear);
    this.forget(new Set());
  }

  private load(wanted: Wanted): TaskFrame {
    const { options, rights, title } = this.setting;
    const shuffle = wanted.seed === undefined ? {} : { shuffle: wanted.seed };
    const frame = new TaskFrame(wanted, { ...options, ...shuffle }, this.listener, title, rights);
    frame.restore(wanted.draft);
    this.frames.set(keyOf(wanted), frame);
    this.place.append(frame.element);
    return frame;
  }

  private forget(kept: ReadonlySet<string>): void {
    for (const [key, frame] of this.frames) {
      if (kept.has(key)) continue;
      frame.remove();
      this.frames.delete(key);
    }
  }

  /** Only what comes from the window of one of these frames is heard. */
  private readonly hear = (event: MessageEvent): void => {
    if (event.source === null) return;
    for (const frame of this.frames.values()) {
      if (frame.element.contentWindow === event.source) return frame.hear(event.data);
    }
  };
}
