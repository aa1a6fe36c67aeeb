import type { Size } from './geometry.js';
import type { Painter } from './stage.js';

/** From this many pixels on, a picture gets a smaller copy that is painted whenever the copy is sharp enough. */
const LARGE = 4_000_000;
const COPY_SIDE = 2048;
/** From this magnification on, pixels are shown as squares. */
const SQUARE_PIXELS = 4;

/**
 * A picture as the browser shows it: upright by its EXIF orientation, so that its coordinates are those that a worker
 * sees. It may come from any origin; its pixels are never read.
 */
export class Picture {
  readonly size: Size;
  #image: HTMLImageElement;
  #copy: ImageBitmap | null = null;

  private constructor(image: HTMLImageElement) {
    this.#image = image;
    this.size = { width: image.naturalWidth, height: image.naturalHeight };
  }

  /** Loads and decodes. Rejects when the address gives no picture. */
  static async load(src: string): Promise<Picture> {
    const image = new Image();
    image.src = src;
    await image.decode();
    if (image.naturalWidth === 0) throw new Error(`${src} has no size`);
    return new Picture(image);
  }

  /**
   * Makes the smaller copy of a large picture and calls `ready` then. Until it is there, and where a browser has not the
   * memory for it, painting takes the picture itself.
   */
  async prepare(ready: () => void): Promise<void> {
    const { width, height } = this.size;
    if (width * height < LARGE) return;
    const scale = COPY_SIDE / Math.max(width, height);
    try {
      this.#copy = await createImageBitmap(this.#image, {
        resizeWidth: Math.round(width * scale),
        resizeHeight: Math.round(height * scale),
        resizeQuality: 'medium',
      });
      ready();
    } catch (error) {
      console.warn('no smaller copy of the picture could be made', error);
    }
  }

  close(): void {
    this.#copy?.close();
    this.#copy = null;
  }

  readonly paint: Painter = (context, view, ratio) => {
    const { width, height } = this.size;
    const copy = this.#copy;
    const source = copy !== null && view.scale * ratio * width <= copy.width ? copy : this.#image;
    context.imageSmoothingEnabled = view.scale < SQUARE_PIXELS;
    context.imageSmoothingQuality = source === copy ? 'low' : 'medium';
    context.drawImage(source, view.offset.x, view.offset.y, width * view.scale, height * view.scale);
  };
}
