// What a page asks the shell to record or to store: on its way to the server, or kept until there is a connection.
import { storeMedia } from '../../lib/api';
import { Problem, Unreachable } from '../../lib/http';
import { t } from '../../lib/strings/en';
import { countParcels, newName, putParcel } from '../parcels';
import type { FileRequest, TaskFrame } from './frame';
import type { MediaKind, Uploaded } from './messages';

export interface Sending {
  id: number;
  kind: MediaKind;
  /** From 0 to 1. */
  share: number;
  stop: () => void;
}

export interface Capture {
  kind: Exclude<MediaKind, 'file'>;
  maxDuration: number | null;
  /** With a recording, or with the reason why there is none. */
  done: (file: Blob, duration: number) => void;
  cancelled: (reason: string) => void;
}

/** More than this at once is no answer to a question. */
const mostAtOnce = 8;

/** Where a field does not say, as for one that only the page knows of. */
const usualMegabytes = 50;

/** The largest file that a field takes, in megabytes. */
export function mostMegabytes(field: object | undefined): number {
  return field && 'max_size' in field ? Number(field.max_size) : usualMegabytes;
}

/**
 * The content of a file. The browser lets a file that was chosen in the page's frame be read here, but not be sent: only
 * the process of the frame may do that. Null for a file that is gone or was changed since.
 */
async function inMemory(file: Blob): Promise<Blob | null> {
  try {
    return new Blob([await file.arrayBuffer()], { type: file.type });
  } catch {
    return null;
  }
}

export class Files {
  sending = $state<Sending[]>([]);
  /** What is recorded right now. */
  capture = $state.raw<Capture | null>(null);
  /** Files that wait on this device. */
  kept = $state(0);
  private serial = 0;

  /** `mostOf` tells the largest file that a field takes, in megabytes. */
  constructor(
    private readonly worker: string,
    private readonly mostOf: (field: string) => number,
  ) {}

  take(frame: TaskFrame, request: FileRequest): void {
    const answer = (uploaded: Uploaded) => frame.tell({ crowdsmith: 'uploaded', id: request.id, ...uploaded });
    if (request.kind === 'upload') {
      if (this.sending.length >= mostAtOnce) return answer({ error: t.files.cannotKeep });
      void this.store(frame, request.name, request.media, request.file).then(answer);
      return;
    }
    if (this.capture) return answer({ error: t.files.cancelled });
    this.capture = {
      kind: request.media,
      maxDuration: request.maxDuration,
      done: (file, duration) => {
        this.capture = null;
        const length = duration > 0 ? { duration } : {};
        void this.store(frame, request.name, request.media, file).then((stored) => answer({ ...stored, ...length }));
      },
      cancelled: (reason) => {
        this.capture = null;
        answer({ error: reason || t.files.cancelled });
      },
    };
  }

  /** Looks how many files wait on this device. */
  async count(): Promise<void> {
    // A browser that keeps no files has none.
    this.kept = await countParcels(this.worker).catch(() => 0);
  }

  private async store({ of }: TaskFrame, field: string, kind: MediaKind, file: Blob): Promise<Uploaded> {
    // A server ends the connection on a file that is too large, which looks like no connection at all.
    const most = this.mostOf(field);
    if (file.size > most * 1_000_000) return { error: t.files.tooLarge(file.size, most) };
    const content = await inMemory(file);
    if (!content) return { error: t.files.unreadable };
    const stopper = new AbortController();
    const id = ++this.serial;
    this.sending.push({ id, kind, share: 0, stop: () => stopper.abort() });
    const onprogress = (share: number) => {
      const mine = this.sending.find((each) => each.id === id);
      if (mine) mine.share = share;
    };
    try {
      const { signal } = stopper;
      const { media, url, type, size } = await storeMedia(of.assignment, of.task, field, content, {
        onprogress,
        signal,
      });
      return { media, url, type, size };
    } catch (error) {
      if (stopper.signal.aborted) return { error: t.files.stopped };
      if (error instanceof Unreachable) return await this.keep(of.assignment, of.task, field, content);
      if (error instanceof Problem) return { error: error.detail || error.title };
      throw error;
    } finally {
      this.sending = this.sending.filter((each) => each.id !== id);
    }
  }

  private async keep(assignment: string, task: string, field: string, file: Blob): Promise<Uploaded> {
    const name = newName();
    try {
      await putParcel({ name, worker: this.worker, assignment, task, field, file, at: Date.now() });
    } catch {
      return { error: t.files.cannotKeep };
    }
    await this.count();
    return { media: name, type: file.type, size: file.size };
  }
}
