// Answers that are not sent yet live in the browser's storage, so that a reload, a crash or a lost network costs
// nothing. A draft belongs to an assignment; an outgoing submission keeps its body to the byte.
import type { Assignment } from '../lib/types';
import type { Sheet } from './sheet';

export interface Draft {
  worker: string;
  batch: string;
  deadline: string;
  position: number;
  /** By task. */
  sheets: Record<string, Sheet>;
}

export interface Outgoing {
  worker: string;
  assignment: Assignment;
  body: string;
}

const draftKey = 'crowdsmith.draft.';
const outgoingKey = 'crowdsmith.outgoing.';

/** Storage may be full or forbidden (private windows); the page must work without it. */
function quietly<T>(action: () => T, otherwise: T): T {
  try {
    return action();
  } catch {
    return otherwise;
  }
}

function read<T>(storage: Storage, key: string): T | null {
  return quietly(() => JSON.parse(storage.getItem(key) ?? 'null') as T | null, null);
}

/** False when there is no room. */
function write(storage: Storage, key: string, value: unknown): boolean {
  return quietly(() => (storage.setItem(key, JSON.stringify(value)), true), false);
}

function keysOf(storage: Storage, prefix: string): string[] {
  return quietly(() => Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? ''), []).filter((key) =>
    key.startsWith(prefix),
  );
}

export class Drafts {
  constructor(
    readonly worker: string,
    private readonly storage: Storage,
  ) {}

  save(assignment: Assignment, position: number, sheets: Record<string, Sheet>): void {
    const { batch, deadline } = assignment;
    write(this.storage, draftKey + assignment.id, { worker: this.worker, batch, deadline, position, sheets });
  }

  load(assignment: string): Draft | null {
    const draft = read<Draft>(this.storage, draftKey + assignment);
    return draft?.worker === this.worker ? draft : null;
  }

  drop(assignment: string): void {
    quietly(() => this.storage.removeItem(draftKey + assignment), undefined);
  }

  /** This worker's drafts that can still be sent; those whose time is over are thrown away. */
  live(now: number): Draft[] {
    const live: Draft[] = [];
    for (const key of keysOf(this.storage, draftKey)) {
      const draft = read<Draft>(this.storage, key);
      if (!draft || !(Date.parse(draft.deadline) > now)) quietly(() => this.storage.removeItem(key), undefined);
      else if (draft.worker === this.worker) live.push(draft);
    }
    return live;
  }

  post(assignment: Assignment, body: string): Outgoing {
    const outgoing = { worker: this.worker, assignment, body };
    if (!write(this.storage, outgoingKey + assignment.id, outgoing)) {
      // Masks are large; what is sent matters more than the draft, which holds the same answers.
      this.drop(assignment.id);
      write(this.storage, outgoingKey + assignment.id, outgoing);
    }
    return outgoing;
  }

  posted(assignment: string): void {
    quietly(() => this.storage.removeItem(outgoingKey + assignment), undefined);
  }

  /** Submissions that a closed page left behind. */
  outgoing(batch?: string): Outgoing[] {
    return keysOf(this.storage, outgoingKey)
      .map((key) => read<Outgoing>(this.storage, key))
      .filter((each): each is Outgoing => each?.worker === this.worker && (!batch || each.assignment.batch === batch));
  }
}
