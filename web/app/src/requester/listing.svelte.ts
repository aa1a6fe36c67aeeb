import { sayError } from '../lib/errors';
import type { Page } from '../lib/types';

/** A list that comes in pages: what is here, where it goes on, and what is in the way. */
export class Listing<Item> {
  items = $state.raw<Item[] | null>(null);
  next = $state<string | null>(null);
  trouble = $state<string | null>(null);

  constructor(private readonly fetch: (after: string | null) => Promise<Page<Item>>) {}

  /** Loads the first page anew, or with `after` one more. Never throws: what is wrong is said in `trouble`. */
  async load(after: string | null = null): Promise<void> {
    try {
      const page = await this.fetch(after);
      this.items = after && this.items ? [...this.items, ...page.items] : page.items;
      this.next = page.next;
      this.trouble = null;
    } catch (error) {
      this.trouble = sayError(error);
    }
  }
}
