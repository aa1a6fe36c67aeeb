import { sayError } from './errors';
import { Problem } from './http';
import { t } from './strings/en';

/** One form's way to the server: busy while it is under way, then the complaints at the fields and the rest above. */
export class Form {
  busy = $state(false);
  general = $state<string | null>(null);
  private problem = $state.raw<Problem | null>(null);

  constructor(private readonly fields: readonly string[]) {}

  at(field: string): string | undefined {
    return this.problem?.at(field);
  }

  async send(action: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    this.general = null;
    try {
      await action();
    } catch (error) {
      if (error instanceof Problem) this.problem = error;
      const shown = this.fields.some((field) => this.at(field));
      this.general = shown ? t.errors.summary : sayError(error);
    } finally {
      this.busy = false;
    }
  }
}
