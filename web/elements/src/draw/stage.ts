import type { Size } from './geometry.js';
import { View } from './view.js';

/** Paints one layer; the context is cleared and scaled so that one unit is one CSS pixel of the stage. */
export type Painter = (context: CanvasRenderingContext2D, view: View, ratio: number) => void;

interface Layer {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly paint: Painter;
  stale: boolean;
}

/** More device pixels than this a CSS pixel are not painted: nobody sees them, every frame pays for them. */
const MOST_RATIO = 2;

/**
 * A pile of canvases over the same part of the picture, painted at most once a frame and only where something changed:
 * dragging a box repaints the shapes, not the picture under them.
 */
export class Stage {
  readonly view = new View();
  readonly host: HTMLElement;
  #layers: Layer[] = [];
  #frame = 0;

  constructor(host: HTMLElement) {
    this.host = host;
    new ResizeObserver(() => this.#resize()).observe(host);
  }

  /** Adds a layer on top of the others; `opacity` 0–1 applies to the layer as a whole. Returns what makes it stale. */
  addLayer(paint: Painter, opacity = 1): () => void {
    const canvas = document.createElement('canvas');
    canvas.style.opacity = String(opacity);
    // Scripts of templates look for the place of the picture by this name.
    canvas.className = 'upper-canvas';
    this.host.append(canvas);
    const context = canvas.getContext('2d')!;
    const layer = { canvas, context, paint, stale: true };
    this.#layers.push(layer);
    this.#resize();
    return () => {
      layer.stale = true;
      this.#schedule();
    };
  }

  setPicture(picture: Size): void {
    this.view.setPicture(picture);
    this.repaint();
  }

  /** Repaints every layer, as after a change of the view. */
  repaint(): void {
    for (const layer of this.#layers) layer.stale = true;
    this.#schedule();
  }

  get #ratio(): number {
    return Math.min(devicePixelRatio, MOST_RATIO);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    const ratio = this.#ratio;
    for (const { canvas } of this.#layers) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    if (width !== this.view.stage.width || height !== this.view.stage.height) this.view.setStage({ width, height });
    for (const layer of this.#layers) this.#paint(layer);
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      for (const layer of this.#layers) if (layer.stale) this.#paint(layer);
    });
  }

  #paint(layer: Layer): void {
    const { context, canvas } = layer;
    layer.stale = false;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    layer.paint(context, this.view, this.#ratio);
  }
}
