import { css, html, nothing, type TemplateResult } from 'lit';
import type { Segment } from './segments.js';
import { mediaStrings } from './strings.js';

/** What a time line needs of the element around it. */
interface Host {
  readonly length: number;
  readonly selected: Segment | null;
  readonly disabled: boolean;
  addBetween(one: number, other: number): void;
  edit(segment: Segment, change: Partial<Segment>): void;
  select(segment: Segment | null): void;
  seek(seconds: number): void;
  colour(label: string): string;
  requestUpdate(): void;
}

/** A press that moves less than this many pixels goes to that time instead of drawing a segment. */
const slack = 4;

/** Segments on a bar: press to go there, drag to draw one, drag its ends to change it. */
export class Timeline {
  private from: { seconds: number; x: number } | null = null;
  private to = 0;
  private end: 'start' | 'end' | null = null;

  constructor(private readonly host: Host) {}

  render(segments: readonly Segment[], time: number, openStart: number | null): TemplateResult {
    const drawn = this.from && !this.end && Math.abs(this.to - this.from.seconds) > 0;
    return html`<div
      class="timeline"
      title=${mediaStrings.timeline}
      @pointerdown=${this.onDown}
      @pointermove=${this.onMove}
      @pointerup=${this.onUp}
      @pointercancel=${this.onCancel}
    >
      ${segments.map((segment) => this.renderSegment(segment))}
      ${drawn ? this.renderStretch('draft', this.from!.seconds, this.to) : nothing}
      ${openStart === null ? nothing : this.renderStretch('draft', openStart, Math.max(time, openStart))}
      <div class="cursor" style="left: ${this.share(time)}%"></div>
    </div>`;
  }

  private renderStretch(kind: string, one: number, other: number): TemplateResult {
    const left = this.share(Math.min(one, other));
    return html`<div class=${kind} style="left: ${left}%; width: ${this.share(Math.abs(other - one))}%"></div>`;
  }

  private renderSegment(segment: Segment): TemplateResult {
    const { start, end, label } = segment;
    const isChosen = segment === this.host.selected;
    const place = `left: ${this.share(start)}%; width: ${this.share(end - start)}%`;
    return html`<div
      class="segment ${isChosen ? 'chosen' : ''}"
      style="${place}; --colour: ${this.host.colour(label)}"
      @pointerdown=${() => this.host.select(segment)}
    >
      ${isChosen ? html`<b data-end="start"></b>` : nothing}<span>${label}</span>
      ${isChosen ? html`<b data-end="end"></b>` : nothing}
    </div>`;
  }

  private share(seconds: number): number {
    return this.host.length > 0 ? (seconds / this.host.length) * 100 : 0;
  }

  private secondsAt(event: PointerEvent): number {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    return (Math.min(Math.max(event.clientX - left, 0), width) / width) * this.host.length;
  }

  private onDown = (event: PointerEvent): void => {
    if (event.button !== 0 || this.host.disabled || this.host.length === 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.end = ((event.target as HTMLElement).dataset['end'] as 'start' | 'end' | undefined) ?? null;
    this.to = this.secondsAt(event);
    this.from = { seconds: this.to, x: event.clientX };
  };

  private onMove = (event: PointerEvent): void => {
    if (!this.from) return;
    this.to = this.secondsAt(event);
    const { selected } = this.host;
    if (this.end && selected) this.host.edit(selected, { [this.end]: Math.round(this.to * 1000) / 1000 });
    else this.host.requestUpdate();
  };

  private onUp = (event: PointerEvent): void => {
    const { from, end } = this;
    this.onCancel();
    if (!from || end) return;
    if (Math.abs(event.clientX - from.x) < slack) this.host.seek(from.seconds);
    else this.host.addBetween(from.seconds, this.secondsAt(event));
  };

  private onCancel = (): void => {
    this.from = this.end = null;
    this.host.requestUpdate();
  };

  static styles = css`
    .timeline {
      position: relative;
      height: 56px;
      overflow: hidden;
      border: 1px solid var(--crowd-edge);
      border-radius: var(--crowd-round);
      background: var(--crowd-surface);
      cursor: crosshair;
      touch-action: pan-y;
      user-select: none;
    }
    .segment,
    .draft,
    .cursor {
      position: absolute;
      top: 0;
      bottom: 0;
    }
    .segment {
      overflow: hidden;
      border: 1px solid var(--crowd-edge);
      border-radius: 3px;
      background: var(--colour);
      opacity: 0.9;
    }
    .segment span {
      padding-inline: 8px;
      font-size: 0.8125rem;
      white-space: nowrap;
    }
    .segment.chosen {
      z-index: 1;
      border: 2px solid var(--crowd-action);
    }
    b {
      position: absolute;
      top: 0;
      bottom: 0;
      width: 12px;
      background: var(--crowd-action);
      opacity: 0.5;
      cursor: ew-resize;
    }
    [data-end='start'] {
      left: 0;
    }
    [data-end='end'] {
      right: 0;
    }
    .draft {
      background: var(--crowd-tint);
      outline: 1px dashed var(--crowd-action);
    }
    .cursor {
      z-index: 2;
      width: 2px;
      background: var(--crowd-bad);
      pointer-events: none;
    }
  `;
}
