import { channels } from './colors.js';
import { rectanglesMeet } from './geometry.js';
import type { Mask } from './mask.js';
import type { Painter } from './stage.js';

/**
 * Shows a mask: a small canvas for each tile that has any colour, painted anew only when the tile changed. One canvas for
 * all would be copied whole by the browser at each stroke.
 */
export class MaskLayer {
  #mask: Mask;
  #tiles = new Map<number, HTMLCanvasElement>();
  #colors = new Uint32Array(256);
  #classes: Mask['classes'] | null = null;

  constructor(mask: Mask) {
    this.#mask = mask;
  }

  readonly paint: Painter = (context, view, ratio) => {
    this.#refresh();
    // Whole device pixels, so that neighbouring tiles neither overlap nor leave a seam.
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.imageSmoothingEnabled = false;
    const place = (value: number, offset: number): number => Math.round((value * view.scale + offset) * ratio);
    for (const [tile, canvas] of this.#tiles) {
      const area = this.#mask.tileArea(tile);
      if (!rectanglesMeet(area, view.visible)) continue;
      const left = place(area.left, view.offset.x);
      const top = place(area.top, view.offset.y);
      const width = place(area.left + area.width, view.offset.x) - left;
      const height = place(area.top + area.height, view.offset.y) - top;
      if (width > 0 && height > 0) context.drawImage(canvas, left, top, width, height);
    }
  };

  #refresh(): void {
    const changed = new Set(this.#mask.takeChanged());
    if (this.#classes !== this.#mask.classes) {
      this.#readColors();
      for (const tile of this.#tiles.keys()) changed.add(tile);
    }
    for (const tile of changed) this.#paintTile(tile);
  }

  #readColors(): void {
    this.#classes = this.#mask.classes;
    this.#colors.fill(0);
    const bytes = new Uint8Array(this.#colors.buffer);
    this.#classes.forEach(({ color }, index) => bytes.set([...channels(color), 255], (index + 1) * 4));
  }

  #paintTile(tile: number): void {
    const { left, top, width, height } = this.#mask.tileArea(tile);
    const pixels = new Uint32Array(width * height);
    let any = 0;
    for (let row = 0; row < height; row += 1) {
      const start = (top + row) * this.#mask.width + left;
      for (let column = 0; column < width; column += 1) {
        const index = this.#mask.indices[start + column]!;
        any |= index;
        pixels[row * width + column] = this.#colors[index]!;
      }
    }
    if (any === 0) this.#tiles.delete(tile);
    else this.#context(tile, width, height).putImageData(imageData(pixels, width, height), 0, 0);
  }

  #context(tile: number, width: number, height: number): CanvasRenderingContext2D {
    let canvas = this.#tiles.get(tile);
    if (canvas === undefined) {
      canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      this.#tiles.set(tile, canvas);
    }
    return canvas.getContext('2d')!;
  }
}

function imageData(pixels: Uint32Array<ArrayBuffer>, width: number, height: number): ImageData {
  return new ImageData(new Uint8ClampedArray(pixels.buffer), width, height);
}
