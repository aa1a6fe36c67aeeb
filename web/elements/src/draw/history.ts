/** Undo and redo over whole states. States must be treated as unchangeable, so that sharing them is safe. */
export class History<State> {
  readonly #limit: number;
  #past: State[] = [];
  #present: State;
  #future: State[] = [];
  #series: string | null = null;

  /** `limit`: the most steps that can be undone; older ones are forgotten. */
  constructor(initial: State, limit = 200) {
    this.#present = initial;
    this.#limit = limit;
  }

  get present(): State {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /**
   * Makes `state` the present one; what had been undone cannot be redone any more. Records that follow one another with
   * the same `series` (a key held down) are one step to undo.
   */
  record(state: State, series: string | null = null): void {
    const continues = series !== null && series === this.#series && this.#future.length === 0;
    if (!continues) this.#past.push(this.#present);
    if (this.#past.length > this.#limit) this.#past.shift();
    this.#series = series;
    this.#present = state;
    this.#future = [];
  }

  /** Starts again from `state`, without a past. */
  reset(state: State): void {
    this.#past = [];
    this.#series = null;
    this.#present = state;
    this.#future = [];
  }

  undo(): boolean {
    const before = this.#past.pop();
    if (before === undefined) return false;
    this.#future.push(this.#present);
    this.#series = null;
    this.#present = before;
    return true;
  }

  redo(): boolean {
    const after = this.#future.pop();
    if (after === undefined) return false;
    this.#past.push(this.#present);
    this.#present = after;
    return true;
  }
}
