import { distance, type Point, subtract } from './geometry.js';
import type { View } from './view.js';

/** What a finger, pen or left mouse button does in the picture. Points are CSS pixels of the stage. */
export interface PointerTool {
  press(point: Point, event: PointerEvent): void;
  drag(point: Point, event: PointerEvent): void;
  release(point: Point, event: PointerEvent): void;
  /** The gesture became something else (two fingers) or was taken away. */
  abandon(): void;
  /** A mouse or pen moves without being pressed; null: it left. Returns the cursor to show. */
  hover(point: Point | null, event: PointerEvent): string;
}

export interface GestureListener {
  /** Whether the worker may draw now; panning and zooming are always possible. */
  readonly mayDraw: boolean;
  viewChanged(): void;
}

const WHEEL_ZOOM = 0.0016;
const MIDDLE_BUTTON = 1;

/**
 * Turns pointer events of the stage into tool calls, and into panning and zooming: two fingers pinch and pan, Space or the
 * middle button drags the picture, the wheel zooms once the stage has the focus or with Ctrl.
 */
export class Gestures {
  /** Set while Space is held: the next drag pans. */
  panning = false;
  #host: HTMLElement;
  #view: View;
  #tool: PointerTool;
  #listener: GestureListener;
  #fingers = new Map<number, Point>();
  #mode: 'idle' | 'tool' | 'pan' | 'pinch' = 'idle';

  constructor(host: HTMLElement, view: View, tool: PointerTool, listener: GestureListener) {
    this.#host = host;
    this.#view = view;
    this.#tool = tool;
    this.#listener = listener;
    host.addEventListener('pointerdown', (event) => this.#down(event));
    host.addEventListener('pointermove', (event) => this.#move(event));
    host.addEventListener('pointerup', (event) => this.#up(event));
    host.addEventListener('pointercancel', (event) => this.#lost(event));
    host.addEventListener('pointerleave', (event) => this.#tool.hover(null, event));
    host.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  #down(event: PointerEvent): void {
    if (event.pointerType === 'mouse' && event.button > MIDDLE_BUTTON) return;
    this.#host.focus({ preventScroll: true });
    this.#host.setPointerCapture(event.pointerId);
    const point = this.#place(event);
    this.#fingers.set(event.pointerId, point);
    if (this.#fingers.size === 2) return this.#beginPinch();
    if (this.#fingers.size > 2) return;
    if (this.panning || event.button === MIDDLE_BUTTON || !this.#listener.mayDraw) {
      event.preventDefault();
      this.#mode = 'pan';
      this.#host.style.cursor = 'grabbing';
    } else {
      this.#mode = 'tool';
      this.#tool.press(point, event);
    }
  }

  #beginPinch(): void {
    if (this.#mode === 'tool') this.#tool.abandon();
    this.#mode = 'pinch';
  }

  #move(event: PointerEvent): void {
    const point = this.#place(event);
    const before = this.#fingers.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType !== 'touch') this.#host.style.cursor = this.#cursor(point, event);
      return;
    }
    if (this.#mode === 'pinch') return this.#pinch(event.pointerId, point);
    this.#fingers.set(event.pointerId, point);
    if (this.#mode === 'tool') this.#tool.drag(point, event);
    if (this.#mode === 'pan') this.#changeView(() => this.#view.panBy(subtract(point, before)));
  }

  #cursor(point: Point, event: PointerEvent): string {
    if (this.panning || !this.#listener.mayDraw) return 'grab';
    return this.#tool.hover(point, event);
  }

  #pinch(finger: number, point: Point): void {
    const [a, b] = [...this.#fingers.values()];
    this.#fingers.set(finger, point);
    const [c, d] = [...this.#fingers.values()];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return;
    const middle = { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2 };
    this.#changeView(() => {
      this.#view.panBy(subtract(middle, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }));
      this.#view.zoomBy(distance(c, d) / Math.max(distance(a, b), 1), middle);
    });
  }

  #up(event: PointerEvent): void {
    if (!this.#fingers.delete(event.pointerId)) return;
    const mode = this.#mode;
    // What is left of a pinch does nothing: a finger that stays on the glass must not begin to draw.
    if (this.#fingers.size === 0) this.#mode = 'idle';
    if (mode === 'pan') this.#host.style.cursor = 'grab';
    if (mode === 'tool') this.#tool.release(this.#place(event), event);
  }

  #lost(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#mode === 'tool') this.#tool.abandon();
    if (this.#fingers.size === 0) this.#mode = 'idle';
  }

  #wheel(event: WheelEvent): void {
    const focused = this.#host.matches(':focus');
    if (!focused && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const factor = Math.exp(-event.deltaY * lines * WHEEL_ZOOM * (event.ctrlKey ? 4 : 1));
    this.#changeView(() => this.#view.zoomBy(factor, this.#place(event)));
  }

  #changeView(change: () => void): void {
    change();
    this.#listener.viewChanged();
  }

  #place(event: MouseEvent): Point {
    const { left, top } = this.#host.getBoundingClientRect();
    return { x: event.clientX - left - this.#host.clientLeft, y: event.clientY - top - this.#host.clientTop };
  }
}
