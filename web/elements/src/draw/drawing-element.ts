// What all elements that draw on a picture or a video share: labels and their colours, the stage with its gestures and
// keys, the buttons, the help, loading and what went wrong.
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { loose, looseStrings } from '../base/attributes.js';
import { closeOnShade, dialogBody, openDialog } from '../base/dialog.js';
import { TaskElement } from '../base/header.js';
import type { Json } from '../base/loose-json.js';
import { tellShell } from '../base/shell.js';
import { normalizeColor, paletteColor } from './colors.js';
import { drawingStyles } from './drawing-styles.js';
import type { Size } from './geometry.js';
import { Gestures, type PointerTool } from './gestures.js';
import { commonCommands, type CommonKeyContext, ZOOM_STEP } from './common-keys.js';
import { type KeyCommand, pressedKey, renderKeys, runKey } from './keyboard.js';
import { Stage } from './stage.js';
import { drawStrings } from './strings.js';

const connected = new Set<DrawingElement>();

/**
 * @attr src - address of the picture or video; any origin
 * @attr labels - list of strings; also the property `labels`
 * @attr label-colors - list of `#rrggbb`, one for each label; absent: the standard palette
 * @attr initial-value - what an earlier task gave
 * @cssprop --crowd-stage-height - the most height that the picture may take, 640px unless set
 */
export abstract class DrawingElement extends TaskElement {
  @property() src = '';
  @property({ converter: looseStrings }) labels: string[] = [];
  @property({ attribute: 'label-colors', converter: looseStrings }) labelColors: string[] = [];
  @property({ attribute: 'initial-value', converter: loose }) initialValue: Json | undefined;
  /** Size of the picture once it is there. */
  @state() protected size: Size | null = null;
  @state() protected failed = false;
  /** What is wrong with the template or its data, for the requester and the worker to see. */
  @state() protected notices: readonly string[] = [];
  @state() private labelNotices: readonly string[] = [];
  @state() private said = '';
  @query('.stage') protected host!: HTMLElement;
  @query('.help') private help!: HTMLDialogElement;
  protected stage!: Stage;
  private gestures!: Gestures;
  private commandList: readonly KeyCommand[] = [];

  /** What is drawn, in the worker's words. */
  protected abstract readonly noun: string;
  /** The most labels that the element takes. */
  protected abstract readonly labelLimit: number;
  /** The label that is drawn with now. */
  protected abstract readonly currentLabel: string;
  /** How many things are drawn. */
  protected abstract readonly count: number;
  protected abstract readonly canUndo: boolean;
  protected abstract readonly canRedo: boolean;

  /** Adds the layers and gives the tool of the pointer. Called once, before the first source is opened. */
  protected abstract setUp(stage: Stage): PointerTool;
  /** Opens `src`; rejects when it cannot be shown. */
  protected abstract openSource(src: string): Promise<Size>;
  /** The source is there, or labels or initial value changed: take the initial value, unless the worker was at work. */
  protected abstract begin(size: Size, isNewSource: boolean): void;
  protected abstract undo(): void;
  protected abstract redo(): void;
  protected abstract chooseLabel(label: string): void;
  /** The keys of this tool; common ones are added. */
  protected abstract commands(): readonly KeyCommand[];
  protected abstract renderTools(): TemplateResult;
  protected abstract renderList(): TemplateResult;

  override connectedCallback(): void {
    super.connectedCallback();
    connected.add(this);
    document.addEventListener('keydown', this.keyOfPage);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    connected.delete(this);
    document.removeEventListener('keydown', this.keyOfPage);
  }

  /** Back to the initial value, or to nothing. */
  override reset(): void {
    this.problem = null;
    if (this.size !== null) this.begin(this.size, true);
    this.changed();
  }

  protected override firstUpdated(changes: PropertyValues): void {
    super.firstUpdated(changes);
    this.stage = new Stage(this.host);
    const tool = this.setUp(this.stage);
    const element = this;
    this.gestures = new Gestures(this.host, this.stage.view, tool, {
      get mayDraw() {
        return element.mayDraw;
      },
      viewChanged: () => this.stage.repaint(),
    });
    this.commandList = [...this.commands(), ...commonCommands(this.keyContext())];
  }

  protected override updated(changes: PropertyValues): void {
    super.updated(changes);
    if (changes.has('src')) void this.open();
    else if (this.size !== null && (changes.has('initialValue') || changes.has('labels'))) this.begin(this.size, false);
    if (changes.has('labels') || changes.has('labelColors')) {
      this.checkLabels();
      this.stage.repaint();
    }
  }

  /** The labels that count. */
  protected get usedLabels(): readonly string[] {
    return this.labels.slice(0, this.labelLimit);
  }

  protected get mayDraw(): boolean {
    return this.size !== null && !this.disabled && !this.waitsForLabels;
  }

  /** Whether a script took the labels of the attribute away, for workers to add theirs. */
  private get waitsForLabels(): boolean {
    return this.labels.length === 0 && /\w/.test(this.getAttribute('labels') ?? '');
  }

  /** `#rrggbb`. */
  protected colorOf(label: string): string {
    const index = this.usedLabels.indexOf(label);
    if (index === -1) return '#7f7f7f';
    return normalizeColor(this.labelColors[index] ?? '') ?? paletteColor(index);
  }

  protected notice(message: string): void {
    if (this.notices.includes(message)) return;
    this.notices = [...this.notices, message];
    tellShell('problem', { message });
  }

  protected say(text: string): void {
    this.said = text;
  }

  override validate(): string | null {
    if (this.failed) return this.failure;
    return this.size === null ? drawStrings.notReady : null;
  }

  protected get failure(): string {
    return drawStrings.pictureFailed(this.src);
  }

  private async open(): Promise<void> {
    const { src } = this;
    this.size = null;
    this.failed = false;
    try {
      const size = await this.openSource(src);
      if (src !== this.src) return;
      this.size = size;
      this.host.style.aspectRatio = `${size.width} / ${size.height}`;
      this.stage.setPicture(size);
      this.begin(size, true);
    } catch (error) {
      if (src !== this.src) return;
      this.failed = true;
      tellShell('problem', { message: `${this.failure} (${String(error)})` });
    }
  }

  /** Scripts may set labels late, so what is wrong with them is found out anew each time. */
  private checkLabels(): void {
    const { labels, labelLimit } = this;
    const bad = this.labelColors.filter((color) => normalizeColor(color) === null);
    this.labelNotices = [
      ...(labels.length === 0
        ? [this.waitsForLabels ? drawStrings.noLabelYet : drawStrings.noLabels(this.localName)]
        : []),
      ...(labels.length > labelLimit ? [drawStrings.tooManyLabels(this.localName, labelLimit, labels.length)] : []),
      ...bad.map((color) => drawStrings.badColor(color)),
    ];
    if (labels[0] !== undefined && !this.usedLabels.includes(this.currentLabel)) this.chooseLabel(labels[0]);
    this.said = '';
  }

  // --- keys ---

  /** Keys pressed while nothing has the focus belong to the page's only drawing. */
  private readonly keyOfPage = (event: KeyboardEvent): void => {
    if (event.target === document.body && connected.size === 1) this.key(event);
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.help.open) return;
    const key = pressedKey(event);
    const target = event.composedPath()[0];
    if (target instanceof HTMLInputElement && !key.startsWith('Ctrl+')) return;
    // Enter and Space on a button press it.
    if (target instanceof HTMLElement && target.matches('button, summary') && /^(Enter|Space)$/.test(key)) return;
    if (key === 'Space' && event.repeat) return event.preventDefault();
    if (runKey(this.commandList, key)) event.preventDefault();
  };

  private readonly keyUp = (event: KeyboardEvent): void => {
    if (event.key === ' ') this.gestures.panning = false;
  };

  /** Space held down turns dragging into panning. */
  protected holdToPan(): void {
    this.gestures.panning = true;
  }

  private keyContext(): CommonKeyContext {
    return {
      undo: () => this.guard(() => this.undo()),
      redo: () => this.guard(() => this.redo()),
      chooseLabel: (index) => this.guard(() => this.digit(index)),
      zoom: (factor) => this.zoom(factor),
      fit: this.fit,
      pan: (step) => {
        this.stage.view.panBy(step);
        this.stage.repaint();
      },
      showHelp: this.showHelp,
    };
  }

  /** Runs what changes the answer, unless the element is disabled or has no picture. */
  protected guard(change: () => void): void {
    if (this.mayDraw) change();
  }

  private digit(index: number): void {
    const label = this.usedLabels[index];
    if (label !== undefined) this.chooseLabel(label);
  }

  private readonly showHelp = (): void => openDialog(this.help);

  private readonly fit = (): void => {
    this.stage.view.fit();
    this.stage.repaint();
  };

  private zoom(factor: number): void {
    this.stage.view.zoomBy(factor);
    this.stage.repaint();
    this.say(drawStrings.zoomedTo(Math.round(this.stage.view.scale * 100)));
  }

  // --- the page ---

  protected override render(): TemplateResult {
    const commands = this.commandList.filter(({ help }) => help !== '');
    return html`${this.renderFrame(html`
      <div class="drawing" @keydown=${this.key} @keyup=${this.keyUp}>
        <div class="bench">
          ${this.renderNotices()}
          <div class="row wide" role="group" aria-label=${drawStrings.tools}>
            ${this.renderTools()}${this.renderCommonTools()}
          </div>
          <div class="center">
            ${this.renderStage()} ${this.renderUnderStage()}
            <p class="status quiet" role="status">${this.said}</p>
          </div>
          <div class="side">
            <div class="row labels" role="group" aria-label=${drawStrings.labels}>${this.renderLabels()}</div>
            <div class="listed">${this.renderList()}</div>
          </div>
        </div>
      </div>
      <dialog class="dialog help" aria-label=${drawStrings.keysOf(this.noun)} @click=${closeOnShade}>
        ${dialogBody(drawStrings.keysOf(this.noun), renderKeys(commands))}
      </dialog>
    `)}`;
  }

  private renderStage(): TemplateResult {
    const { width, height } = this.size ?? { width: 0, height: 0 };
    const note = this.failed ? this.failure : this.size === null ? drawStrings.loading : null;
    return html`<div class="holder">
      <div
        class="stage"
        part="stage"
        tabindex="0"
        data-own-keys
        role="application"
        aria-roledescription=${drawStrings.stageRole}
        aria-label=${drawStrings.stage(this.noun, width, height, this.count)}
        aria-busy=${this.size === null && !this.failed}
      ></div>
      ${note === null ? nothing : html`<p class="note" role=${this.failed ? 'alert' : nothing}>${note}</p>`}
    </div>`;
  }

  /** Controls under the stage, such as a time line. */
  protected renderUnderStage(): TemplateResult | typeof nothing {
    return nothing;
  }

  private renderNotices(): TemplateResult | typeof nothing {
    const notices = [...this.labelNotices, ...this.notices];
    if (notices.length === 0) return nothing;
    return html`<ul class="notices wide" role="alert">
      ${notices.map((text) => html`<li>${text}</li>`)}
    </ul>`;
  }

  private renderCommonTools(): TemplateResult {
    return html`
      ${this.tool(drawStrings.undo, () => this.undo(), { enabled: this.canUndo })}
      ${this.tool(drawStrings.redo, () => this.redo(), { enabled: this.canRedo })}
      <button class="button" type="button" aria-label=${drawStrings.zoomOut} @click=${() => this.zoom(1 / ZOOM_STEP)}>
        −
      </button>
      <button class="button" type="button" @click=${this.fit}>${drawStrings.fit}</button>
      <button class="button" type="button" aria-label=${drawStrings.zoomIn} @click=${() => this.zoom(ZOOM_STEP)}>
        +
      </button>
      <button class="button" type="button" @click=${this.showHelp}>${drawStrings.keys} <kbd>?</kbd></button>
    `;
  }

  /** A button of the tool row. `pressed` makes it a switch. */
  protected tool(
    text: string,
    act: () => void,
    { enabled = true, pressed }: { enabled?: boolean; pressed?: boolean } = {},
  ): TemplateResult {
    return html`<button
      class="button"
      type="button"
      aria-pressed=${pressed ?? nothing}
      ?disabled=${!enabled || !this.mayDraw}
      @click=${act}
    >
      ${text}
    </button>`;
  }

  protected renderLabels(): unknown {
    return this.usedLabels.map(
      (label, index) =>
        html`<button
          class="button label"
          type="button"
          aria-pressed=${label === this.currentLabel}
          .style=${`--swatch: ${this.colorOf(label)}`}
          ?disabled=${this.disabled}
          @click=${() => this.chooseLabel(label)}
        >
          <span class="swatch"></span>${label}${index < 10 ? html` <kbd>${(index + 1) % 10}</kbd>` : nothing}
        </button>`,
    );
  }

  static override styles = [...TaskElement.styles, drawingStyles];
}
