import { css, html, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { DrawingElement } from './drawing-element.js';
import type { Size } from './geometry.js';
import type { PointerTool } from './gestures.js';
import type { KeyCommand } from './keyboard.js';
import { shapeCommands } from './shape-keys.js';
import { renderShapeList } from './shape-list.js';
import { ShapeLayers } from './shape-layers.js';
import { ShapePointer } from './shape-pointer.js';
import type { Stage } from './stage.js';
import { drawStrings } from './strings.js';
import { TrackEditor } from './track-editor.js';
import { readTracks } from './track-format.js';
import { frameTime, framesOf, type Track } from './tracks.js';
import { Video } from './video.js';

const DEFAULT_RATE = 10;

/**
 * `<crowd-video-bounding-box>`: boxes that follow things through a video. A box drawn or changed at some moment is a key
 * frame; between key frames it moves in a straight line. A thing is in the picture from its first key frame to its last.
 *
 * Output: `{tracks: [{id, label, frames: [{time, left, top, width, height, key}]}], inputImageProperties: {height, width}}`
 * with one frame for each step of the time grid, `key: false` where it was interpolated, times in seconds; and
 * `initialValueModified` when there is an `initial-value` (the same form; only frames that are not `key: false` are read).
 *
 * @attr frame-rate - frames a second of the time grid, default 10
 */
@customElement('crowd-video-bounding-box')
export class VideoBoundingBox extends DrawingElement {
  @property({ attribute: 'frame-rate', type: Number }) frameRate = DEFAULT_RATE;
  /** The frame shown. */
  @state() private frame = 0;
  private video: Video | null = null;
  private editor!: TrackEditor;
  private pointer!: ShapePointer;
  private layers: ShapeLayers | null = null;
  private touched = false;
  private awaiting: unknown;

  protected override readonly noun = 'box';
  protected override readonly labelLimit = 10;

  override get value(): unknown {
    if (this.size === null) return this.awaiting ?? { tracks: [] };
    const { height, width } = this.size;
    return {
      tracks: this.editor.tracks.map((track) => ({
        id: track.id,
        label: track.label,
        frames: framesOf(track, this.rate),
      })),
      inputImageProperties: { height, width },
    };
  }

  override set value(value: unknown) {
    if (this.size === null) this.awaiting = value;
    else this.editor.reset(this.readTracks(value));
    this.requestUpdate();
  }

  override get _submittableValue(): unknown {
    return this.size === null ? this.awaiting : this.withModified(this.value as object);
  }

  override validate(): string | null {
    const problem = super.validate();
    if (problem !== null) return problem;
    if (this.editor.shapes.draft !== null) return drawStrings.unfinished(this.noun);
    return this.required && this.count === 0 ? drawStrings.nothingDrawn(this.noun) : null;
  }

  protected override get currentLabel(): string {
    return this.editor?.shapes.label ?? '';
  }

  protected override get count(): number {
    return this.editor?.tracks.length ?? 0;
  }

  protected override get canUndo(): boolean {
    return this.editor?.canUndo ?? false;
  }

  protected override get canRedo(): boolean {
    return this.editor?.canRedo ?? false;
  }

  protected override get failure(): string {
    return drawStrings.videoFailed(this.src);
  }

  private get rate(): number {
    return this.frameRate > 0 ? this.frameRate : DEFAULT_RATE;
  }

  protected override setUp(stage: Stage): PointerTool {
    stage.addLayer((context, view, ratio) => this.video?.paint(context, view, ratio));
    this.editor = new TrackEditor({
      changed: () => {
        this.touched = true;
        this.changed();
      },
      shown: () => {
        this.layers?.repaint();
        this.requestUpdate();
      },
      say: (text) => this.say(text),
    });
    const { shapes } = this.editor;
    this.pointer = new ShapePointer(shapes, stage.view);
    this.layers = new ShapeLayers(
      stage,
      shapes,
      this.pointer,
      (label) => this.colorOf(label),
      () => this.size !== null,
    );
    return this.pointer;
  }

  protected override async openSource(src: string): Promise<Size> {
    if (this.video?.playing) this.video.pause();
    const video = await Video.load(src, this.rate, () => this.moved());
    this.video = video;
    return video.size;
  }

  protected override begin(size: Size, isNewSource: boolean): void {
    this.editor.shapes.picture = size;
    if (isNewSource) this.touched = false;
    if (this.touched && this.awaiting === undefined) return;
    this.editor.reset(this.initialValue === undefined ? [] : this.readTracks(this.initialValue));
    if (this.initialValue !== undefined) this.rememberInitial();
    if (this.awaiting !== undefined) this.value = this.awaiting;
    this.awaiting = undefined;
    this.moved();
  }

  private moved(): void {
    const { frame } = this.video!;
    if (frame !== this.frame) {
      this.frame = frame;
      this.editor.show(frame);
    }
    this.stage.repaint();
  }

  private readTracks(value: unknown): readonly Track[] {
    const accepts = (label: string): boolean => this.labels.length === 0 || this.usedLabels.includes(label);
    const { tracks, problems } = readTracks(value, this.rate, accepts);
    problems.forEach(({ number, reason }) => this.notice(drawStrings.initialShape('track', number, reason)));
    if (tracks === null) this.notice(drawStrings.badInitial(this.localName, '{"tracks": […]}'));
    return tracks ?? [];
  }

  protected override undo(): void {
    this.editor.undo();
  }

  protected override redo(): void {
    this.editor.redo();
  }

  protected override chooseLabel(label: string): void {
    this.editor.shapes.chooseLabel(label);
  }

  private step(frames: number): void {
    this.video?.seek(this.frame + frames);
    this.say(drawStrings.timeOf(frameTime(this.frame, this.rate), this.video?.duration ?? 0));
  }

  private goToKey(step: 1 | -1): void {
    const frame = this.editor.nearestKey(step);
    if (frame !== null) this.step(frame - this.frame);
  }

  private readonly playOrPause = (): void => {
    if (this.video?.playing) this.video.pause();
    else void this.video?.play().then(() => this.requestUpdate());
    this.requestUpdate();
  };

  protected override commands(): readonly KeyCommand[] {
    const { editor } = this;
    const shapes = shapeCommands(editor.shapes, {
      guard: (change) => this.guard(change),
      reveal: (point) => this.stage.view.reveal(point),
      repaint: () => this.stage.repaint(),
      hold: () => this.playOrPause(),
    });
    const run = (act: () => void) => () => this.guard(act);
    return [
      { keys: ['J'], shown: '', help: '', run: run(() => editor.selectNext(1)) },
      { keys: ['K'], shown: '', help: '', run: run(() => editor.selectNext(-1)) },
      { keys: [], shown: 'Space', help: drawStrings.keyPlay },
      { keys: [','], shown: ', .', help: drawStrings.keyFrame, run: run(() => this.step(-1)) },
      { keys: ['.'], shown: '', help: '', run: run(() => this.step(1)) },
      { keys: ['<', ';'], shown: '', help: '', run: run(() => this.step(-10)) },
      { keys: ['>', ':'], shown: '', help: '', run: run(() => this.step(10)) },
      { keys: ['['], shown: '[ ]', help: drawStrings.keyKeyFrame, run: run(() => this.goToKey(-1)) },
      { keys: [']'], shown: '', help: '', run: run(() => this.goToKey(1)) },
      { keys: ['S'], shown: 'S', help: drawStrings.keySetKey, run: run(() => editor.toggleKey()) },
      ...shapes,
    ];
  }

  protected override renderTools(): TemplateResult {
    const track = this.editor?.selectedTrack ?? null;
    const key = track?.keys.some(({ frame }) => frame === this.frame) ?? false;
    return html`
      ${this.tool(drawStrings.remove, () => this.editor.shapes.remove(), { enabled: track !== null })}
      ${this.tool(drawStrings.keyFrameHere, () => this.editor.toggleKey(), { enabled: track !== null, pressed: key })}
    `;
  }

  protected override renderUnderStage(): TemplateResult {
    const last = this.video?.lastFrame ?? 0;
    const time = drawStrings.timeOf(frameTime(this.frame, this.rate), this.video?.duration ?? 0);
    const keys = this.editor?.selectedTrack?.keys ?? [];
    return html`
      <div class="row time">
        ${this.tool(this.video?.playing ? drawStrings.pause : drawStrings.play, this.playOrPause)}
        <div class="line">
          <input
            type="range"
            min="0"
            max=${last}
            aria-label=${drawStrings.time}
            aria-valuetext=${time}
            .value=${String(this.frame)}
            ?disabled=${this.size === null}
            @input=${(event: Event) => this.video?.seek((event.target as HTMLInputElement).valueAsNumber)}
          />
          <svg viewBox="0 0 ${Math.max(last, 1)} 1" preserveAspectRatio="none" aria-hidden="true">
            ${keys.map(({ frame }) => svg`<line x1=${frame} x2=${frame} y1="0" y2="1"></line>`)}
          </svg>
        </div>
        ${this.frameButton('‹', drawStrings.frameBack, -1)}${this.frameButton('›', drawStrings.frameForward, 1)}
        <span class="quiet">${time}</span>
      </div>
    `;
  }

  private frameButton(sign: string, name: string, step: 1 | -1): TemplateResult {
    return html`<button
      class="button"
      type="button"
      aria-label=${name}
      ?disabled=${this.size === null}
      @click=${() => this.step(step)}
    >
      ${sign}
    </button>`;
  }

  protected override renderList(): TemplateResult {
    const tracks = this.editor?.tracks ?? [];
    const selected = tracks.findIndex(({ id }) => id === this.editor?.selectedTrack?.id);
    return renderShapeList({
      noun: 'track',
      entries: tracks.map((track) => ({ text: this.editor.describe(track), color: this.colorOf(track.label) })),
      selected: selected === -1 ? null : selected,
      select: (index) => this.editor.select(tracks[index]!.id),
      step: (step) => this.editor.selectNext(step),
    });
  }

  static override styles = [
    ...DrawingElement.styles,
    css`
      .time {
        margin-top: 8px;
      }
      .line {
        flex: 1 1 160px;
        min-width: 0;
      }
      .line input {
        display: block;
        width: 100%;
        margin: 0;
      }
      .line svg {
        display: block;
        width: calc(100% - 16px);
        height: 8px;
        margin: -8px 8px 0;
        overflow: visible;
        stroke: var(--crowd-action);
        stroke-width: 3px;
      }
      .line line {
        vector-effect: non-scaling-stroke;
      }
    `,
  ];
}
