import { clamp, type Point, type Rectangle, type Size } from './geometry.js';

const MOST_ZOOM = 40;
/** So much of the picture (in screen pixels) stays visible however far it is panned. */
const KEPT_IN_SIGHT = 48;

/**
 * The part of the picture that is shown: `screen = picture * scale + offset`. Screen coordinates are CSS pixels from the
 * stage's top-left corner.
 */
export class View {
  scale = 1;
  offset: Point = { x: 0, y: 0 };
  #picture: Size = { width: 1, height: 1 };
  #stage: Size = { width: 1, height: 1 };

  get stage(): Size {
    return this.#stage;
  }

  get picture(): Size {
    return this.#picture;
  }

  /** The scale at which the whole picture just fits. */
  get fittingScale(): number {
    return Math.min(this.#stage.width / this.#picture.width, this.#stage.height / this.#picture.height);
  }

  get isFitted(): boolean {
    return Math.abs(this.scale - this.fittingScale) < 1e-9;
  }

  setPicture(picture: Size): void {
    this.#picture = picture;
    this.fit();
  }

  /** A stage of another size keeps the same middle of the picture, or goes on showing all of it. */
  setStage(stage: Size): void {
    const fitted = this.isFitted;
    const middle = this.toPicture(this.#middle());
    this.#stage = stage;
    if (fitted) return this.fit();
    const scale = this.#clampScale(this.scale);
    this.scale = scale;
    this.#moveTo({ x: stage.width / 2 - middle.x * scale, y: stage.height / 2 - middle.y * scale });
  }

  fit(): void {
    this.scale = this.fittingScale;
    this.offset = {
      x: (this.#stage.width - this.#picture.width * this.scale) / 2,
      y: (this.#stage.height - this.#picture.height * this.scale) / 2,
    };
  }

  panBy(step: Point): void {
    this.#moveTo({ x: this.offset.x + step.x, y: this.offset.y + step.y });
  }

  /** Zooms by `factor` and keeps the picture's point under `screen` (default: the middle) where it is. */
  zoomBy(factor: number, screen: Point = this.#middle()): void {
    const fixed = this.toPicture(screen);
    this.scale = this.#clampScale(this.scale * factor);
    this.#moveTo({ x: screen.x - fixed.x * this.scale, y: screen.y - fixed.y * this.scale });
  }

  /** Pans just far enough that the point lies at least `margin` screen pixels inside the stage. */
  reveal(point: Point, margin = 24): void {
    const screen = this.toScreen(point);
    const room = { x: Math.min(margin, this.#stage.width / 3), y: Math.min(margin, this.#stage.height / 3) };
    const target = {
      x: clamp(screen.x, room.x, this.#stage.width - room.x),
      y: clamp(screen.y, room.y, this.#stage.height - room.y),
    };
    if (!this.isFitted) this.panBy({ x: target.x - screen.x, y: target.y - screen.y });
  }

  toPicture(screen: Point): Point {
    return { x: (screen.x - this.offset.x) / this.scale, y: (screen.y - this.offset.y) / this.scale };
  }

  toScreen(point: Point): Point {
    return { x: point.x * this.scale + this.offset.x, y: point.y * this.scale + this.offset.y };
  }

  /** The visible part of the plane, in picture pixels. */
  get visible(): Rectangle {
    const corner = this.toPicture({ x: 0, y: 0 });
    return {
      left: corner.x,
      top: corner.y,
      width: this.#stage.width / this.scale,
      height: this.#stage.height / this.scale,
    };
  }

  #middle(): Point {
    return { x: this.#stage.width / 2, y: this.#stage.height / 2 };
  }

  #clampScale(scale: number): number {
    const least = Math.min(this.fittingScale, 1) / 2;
    return clamp(scale, least, Math.max(MOST_ZOOM, this.fittingScale));
  }

  #moveTo(offset: Point): void {
    this.offset = {
      x: clampOffset(offset.x, this.#picture.width * this.scale, this.#stage.width),
      y: clampOffset(offset.y, this.#picture.height * this.scale, this.#stage.height),
    };
  }
}

function clampOffset(offset: number, shown: number, room: number): number {
  const kept = Math.min(KEPT_IN_SIGHT, shown, room);
  return clamp(offset, kept - shown, room - kept);
}
