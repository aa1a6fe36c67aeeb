import { add, clamp, type Point, type Size, subtract } from './geometry.js';

/** Side of a tile, a power of two. Undo and painting on the screen work by tiles, so that large pictures cost no more. */
export const TILE = 256;
const TILE_BITS = 8;
/** Older steps are forgotten when their tiles take more bytes than this. */
const UNDO_BYTES = 96 * 1024 * 1024;

/** What an index above 0 stands for: a label of a semantic, an instance of an instance segmentation. */
export interface PaintClass {
  readonly label: string;
  /** `#rrggbb`, different for each class. */
  readonly color: string;
}

interface Step {
  /** Tile number to its pixels on the other side of the step. */
  readonly tiles: Map<number, Uint8Array>;
  classes: readonly PaintClass[];
}

/**
 * One byte a pixel: 0 is background, n stands for `classes[n - 1]`. A pixel belongs to a painted figure when its centre
 * lies in it; there are no half-covered pixels. Changes between `beginStep` and `endStep` are undone together.
 */
export class Mask {
  readonly width: number;
  readonly height: number;
  readonly indices: Uint8Array;
  /** Tiles across. */
  readonly columns: number;
  /** Goes up with each change. */
  revision = 0;
  #classes: readonly PaintClass[] = [];
  #changed = new Set<number>();
  /** Whether there may be anything but background. */
  #painted = false;
  #step: Step | null = null;
  #undo: Step[] = [];
  #redo: Step[] = [];

  constructor({ width, height }: Size) {
    this.width = width;
    this.height = height;
    this.indices = new Uint8Array(width * height);
    this.columns = Math.ceil(width / TILE);
  }

  get classes(): readonly PaintClass[] {
    return this.#classes;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** The numbers of the tiles that changed since the last call. */
  takeChanged(): ReadonlySet<number> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** Pixels of each class, in the order of `classes`. Looks at every pixel: 20 ms for 20 megapixels. */
  countPixels(): number[] {
    if (!this.#painted) return this.#classes.map(() => 0);
    const counts = new Array<number>(256).fill(0);
    for (const index of this.indices) counts[index]! += 1;
    return counts.slice(1, this.#classes.length + 1);
  }

  /** Replaces everything and forgets the past. `indices`: width × height bytes. */
  reset(classes: readonly PaintClass[], indices?: Uint8Array): void {
    this.#classes = classes;
    this.#step = null;
    this.#undo = [];
    this.#redo = [];
    if (indices !== undefined || this.#painted) this.#fillWith(indices);
    this.revision += 1;
  }

  #fillWith(indices: Uint8Array | undefined): void {
    if (indices === undefined) this.indices.fill(0);
    else this.indices.set(indices);
    this.#painted = indices !== undefined;
    const rows = Math.ceil(this.height / TILE);
    for (let tile = 0; tile < this.columns * rows; tile += 1) this.#changed.add(tile);
  }

  // --- steps ---

  beginStep(): void {
    this.#step ??= { tiles: new Map(), classes: this.#classes };
  }

  /** Keeps the step if it changed anything; returns whether it did. */
  endStep(): boolean {
    const step = this.#step;
    this.#step = null;
    if (step === null || (step.tiles.size === 0 && step.classes === this.#classes)) return false;
    this.#undo.push(step);
    this.#redo = [];
    this.#forgetOldSteps();
    return true;
  }

  /** Takes back what the step under way changed. */
  abandonStep(): void {
    const step = this.#step;
    this.#step = null;
    if (step !== null) this.#exchange(step);
  }

  undo(): boolean {
    return this.#travel(this.#undo, this.#redo);
  }

  redo(): boolean {
    return this.#travel(this.#redo, this.#undo);
  }

  // --- painting, inside a step ---

  setClasses(classes: readonly PaintClass[]): void {
    this.#classes = classes;
    this.revision += 1;
  }

  /** A stroke of a round brush, `size` pixels wide, between two points. */
  stroke(from: Point, to: Point, size: number, index: number): void {
    const start = brushCentre(from, size);
    const end = brushCentre(to, size);
    this.#disc(start, size / 2, index);
    if (start.x === end.x && start.y === end.y) return;
    this.#disc(end, size / 2, index);
    const along = subtract(end, start);
    const scale = size / 2 / Math.hypot(along.x, along.y);
    const side = { x: -along.y * scale, y: along.x * scale };
    this.fillPolygon([add(start, side), add(end, side), subtract(end, side), subtract(start, side)], index);
  }

  /** Fills by the even-odd rule. */
  fillPolygon(outline: readonly Point[], index: number): void {
    const ys = outline.map(({ y }) => y);
    const first = Math.max(Math.floor(Math.min(...ys)), 0);
    const last = Math.min(Math.ceil(Math.max(...ys)), this.height - 1);
    for (let row = first; row <= last; row += 1) {
      const crossings = crossingsAt(outline, row + 0.5);
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        this.#span(row, Math.ceil(crossings[pair]! - 0.5), Math.ceil(crossings[pair + 1]! - 0.5), index);
      }
    }
  }

  /** Turns every pixel of one class into another or into background (0). */
  replace(index: number, by: number): void {
    for (let position = this.indices.indexOf(index); position !== -1;) {
      const row = Math.floor(position / this.width);
      const start = position - row * this.width;
      let end = start + 1;
      while (end < this.width && this.indices[row * this.width + end] === index) end += 1;
      this.#span(row, start, end, by);
      position = this.indices.indexOf(index, row * this.width + end);
    }
  }

  #disc(centre: Point, radius: number, index: number): void {
    const first = Math.ceil(centre.y - radius - 0.5);
    const last = Math.floor(centre.y + radius - 0.5);
    for (let row = first; row <= last; row += 1) {
      const half = Math.sqrt(Math.max(radius ** 2 - (row + 0.5 - centre.y) ** 2, 0));
      this.#span(row, Math.ceil(centre.x - half - 0.5), Math.floor(centre.x + half - 0.5) + 1, index);
    }
  }

  /** Sets the pixels `start` to `end - 1` of a row, as far as they lie in the picture. */
  #span(row: number, start: number, end: number, index: number): void {
    if (row < 0 || row >= this.height) return;
    const from = clamp(start, 0, this.width);
    const to = clamp(end, 0, this.width);
    if (from >= to) return;
    const firstTile = (row >> TILE_BITS) * this.columns + (from >> TILE_BITS);
    for (let tile = firstTile; tile <= firstTile + ((to - 1) >> TILE_BITS) - (from >> TILE_BITS); tile += 1) {
      this.#keep(tile);
    }
    this.indices.fill(index, row * this.width + from, row * this.width + to);
    this.#painted = true;
    this.revision += 1;
  }

  #keep(tile: number): void {
    this.#changed.add(tile);
    if (this.#step !== null && !this.#step.tiles.has(tile)) this.#step.tiles.set(tile, this.#copyTile(tile));
  }

  #travel(from: Step[], to: Step[]): boolean {
    const step = from.pop();
    if (step === undefined) return false;
    this.#exchange(step);
    to.push(step);
    return true;
  }

  /** Swaps the step's tiles and classes with the present ones. */
  #exchange(step: Step): void {
    for (const [tile, pixels] of step.tiles) {
      step.tiles.set(tile, this.#copyTile(tile));
      this.#pasteTile(tile, pixels);
      this.#changed.add(tile);
    }
    const { classes } = step;
    step.classes = this.#classes;
    this.#classes = classes;
    this.revision += 1;
  }

  /** Where a tile lies; tiles at the right and lower edge may be smaller. */
  tileArea(tile: number): { left: number; top: number; width: number; height: number } {
    const left = (tile % this.columns) * TILE;
    const top = Math.floor(tile / this.columns) * TILE;
    return { left, top, width: Math.min(TILE, this.width - left), height: Math.min(TILE, this.height - top) };
  }

  #copyTile(tile: number): Uint8Array {
    const { left, top, width, height } = this.tileArea(tile);
    const copy = new Uint8Array(width * height);
    for (let row = 0; row < height; row += 1) {
      const start = (top + row) * this.width + left;
      copy.set(this.indices.subarray(start, start + width), row * width);
    }
    return copy;
  }

  #pasteTile(tile: number, pixels: Uint8Array): void {
    const { left, top, width, height } = this.tileArea(tile);
    for (let row = 0; row < height; row += 1) {
      this.indices.set(pixels.subarray(row * width, (row + 1) * width), (top + row) * this.width + left);
    }
  }

  #forgetOldSteps(): void {
    const bytes = (step: Step): number => step.tiles.size * TILE * TILE;
    let total = this.#undo.reduce((sum, step) => sum + bytes(step), 0);
    while (total > UNDO_BYTES && this.#undo.length > 1) total -= bytes(this.#undo.shift()!);
  }
}

/** Brushes of an odd size are centred on a pixel, those of an even size between pixels: size n is n pixels wide. */
function brushCentre({ x, y }: Point, size: number): Point {
  return size % 2 === 1 ? { x: Math.floor(x) + 0.5, y: Math.floor(y) + 0.5 } : { x: Math.round(x), y: Math.round(y) };
}

/** Where the outline crosses the horizontal line at `y`, from left to right. */
function crossingsAt(outline: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  outline.forEach((start, index) => {
    const end = outline[(index + 1) % outline.length]!;
    if (start.y > y === end.y > y) return;
    crossings.push(start.x + ((y - start.y) * (end.x - start.x)) / (end.y - start.y));
  });
  return crossings.sort((a, b) => a - b);
}
