import { boundsOf, type Rectangle } from './geometry.js';
import { History } from './history.js';
import { type EditorListener, ShapeEditor } from './shape-editor.js';
import { box, type Shape } from './shapes.js';
import { drawStrings } from './strings.js';
import { boxAt, inRange, isKey, type Track, withKey, withoutKey } from './tracks.js';

/**
 * Edits tracks through the boxes of one frame: the shape editor holds what is visible there, and whatever is done to a
 * box becomes a key frame of its track at that frame. Undo works on the tracks, whatever frame is shown.
 */
export class TrackEditor {
  /** The boxes of the present frame. Its own undo is not used. */
  readonly shapes: ShapeEditor;
  #history = new History<readonly Track[]>([]);
  #listener: EditorListener;
  #frame = 0;
  /** The tracks behind `shapes.shapes`, in the same order. */
  #visible: readonly Track[] = [];
  #before: readonly Shape[] = [];
  #selected: number | null = null;
  #showing = false;

  constructor(listener: EditorListener) {
    this.#listener = listener;
    this.shapes = new ShapeEditor(box, {
      changed: () => this.#take(),
      shown: () => this.#follow(),
      say: (text) => {
        if (!this.#showing) listener.say(text);
      },
    });
  }

  get tracks(): readonly Track[] {
    return this.#history.present;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  get selectedTrack(): Track | null {
    return this.tracks.find(({ id }) => id === this.#selected) ?? null;
  }

  reset(tracks: readonly Track[]): void {
    this.#history.reset(tracks);
    this.#selected = null;
    this.show(this.#frame);
  }

  /** Brings the boxes of a frame into the shape editor. The selected track is there even where it is not in range. */
  show(frame: number): void {
    this.#frame = frame;
    this.#visible = this.tracks.filter((track) => inRange(track, frame) || track.id === this.#selected);
    this.#before = this.#visible.map((track) => ({ label: track.label, points: corners(boxAt(track, frame)) }));
    const index = this.#visible.findIndex(({ id }) => id === this.#selected);
    const { label } = this.shapes;
    this.#showing = true;
    this.shapes.reset(this.#before);
    if (index !== -1) this.shapes.select(index);
    this.shapes.label = label;
    this.#showing = false;
    this.#listener.shown();
  }

  /** Selects a track wherever it is; null: none. */
  select(id: number | null): void {
    this.#selected = id;
    this.show(this.#frame);
  }

  selectNext(step: 1 | -1): void {
    const { tracks } = this;
    if (tracks.length === 0) return;
    const at = tracks.findIndex(({ id }) => id === this.#selected);
    const next = tracks[((at === -1 && step === -1 ? 0 : at) + step + tracks.length) % tracks.length]!;
    this.select(next.id);
    this.#listener.say(this.describe(next));
  }

  describe(track: Track): string {
    const place = this.tracks.findIndex(({ id }) => id === track.id);
    return drawStrings.track(place + 1, track.label, track.keys.length);
  }

  /** Makes the present frame of the selected track a key frame, or an interpolated one again. */
  toggleKey(): void {
    const track = this.selectedTrack;
    if (track === null) return;
    const changed = isKey(track, this.#frame)
      ? withoutKey(track, this.#frame)
      : withKey(track, this.#frame, boxAt(track, this.#frame));
    if (changed === null) return;
    this.#record(this.tracks.map((other) => (other.id === track.id ? changed : other)));
    this.show(this.#frame);
  }

  /** The frame of the selected track's nearest key frame before or after the present one. */
  nearestKey(step: 1 | -1): number | null {
    const frames = this.selectedTrack?.keys.map(({ frame }) => frame) ?? [];
    const found =
      step === 1 ? frames.find((frame) => frame > this.#frame) : frames.findLast((frame) => frame < this.#frame);
    return found ?? null;
  }

  undo(): void {
    if (this.shapes.draft !== null) return this.shapes.undo();
    this.#travel(this.#history.undo(), drawStrings.undone, drawStrings.nothingToUndo);
  }

  redo(): void {
    this.#travel(this.#history.redo(), drawStrings.redone, drawStrings.nothingToRedo);
  }

  /** The shape editor changed its boxes: what was added, taken away or altered? Shapes that stayed are the same objects. */
  #take(): void {
    const after = this.shapes.shapes;
    const before = this.#before;
    if (after.length > before.length) return this.#add(after.at(-1)!);
    const index = before.findIndex((shape, position) => shape !== after[position]);
    const track = this.#visible[index]!;
    if (after.length < before.length) return this.#remove(track);
    const shape = after[index]!;
    const changed =
      shape.points === before[index]!.points
        ? { ...track, label: shape.label }
        : withKey(track, this.#frame, boundsOf(shape.points));
    this.#visible = this.#visible.map((other) => (other === track ? changed : other));
    this.#before = after;
    this.#record(
      this.tracks.map((other) => (other.id === track.id ? changed : other)),
      `${track.id} ${this.#frame}`,
    );
  }

  #add(shape: Shape): void {
    const id = Math.max(0, ...this.tracks.map((track) => track.id)) + 1;
    const track = { id, label: shape.label, keys: [{ frame: this.#frame, box: boundsOf(shape.points) }] };
    this.#visible = [...this.#visible, track];
    this.#before = this.shapes.shapes;
    this.#record([...this.tracks, track]);
  }

  #remove(track: Track): void {
    this.#visible = this.#visible.filter((other) => other !== track);
    this.#before = this.shapes.shapes;
    this.#record(this.tracks.filter(({ id }) => id !== track.id));
  }

  #record(tracks: readonly Track[], series: string | null = null): void {
    this.#history.record(tracks, series);
    this.#listener.changed();
  }

  /** The selection in the picture is the selection of tracks. */
  #follow(): void {
    if (this.#showing) return;
    const { selected, draft } = this.shapes;
    const left = this.selectedTrack;
    this.#selected = selected === null ? null : (this.#visible[selected]?.id ?? null);
    const outOfRange = left !== null && left.id !== this.#selected && !inRange(left, this.#frame);
    if (outOfRange && draft === null) this.show(this.#frame);
    this.#listener.shown();
  }

  #travel(moved: boolean, done: string, nothing: string): void {
    this.#listener.say(moved ? done : nothing);
    if (!moved) return;
    this.#selected = null;
    this.show(this.#frame);
    this.#listener.changed();
  }
}

function corners({ left, top, width, height }: Rectangle): Shape['points'] {
  return [
    { x: left, y: top },
    { x: left + width, y: top + height },
  ];
}
