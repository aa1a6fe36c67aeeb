// Masks that come from outside, as addresses or as base64, become indices again.
import { channels } from './colors.js';
import type { Size } from './geometry.js';
import type { PaintClass } from './mask.js';

/** The pixels of a mask picture and its own size. */
export interface MaskPixels extends Size {
  /** RGBA, 4 bytes a pixel. */
  readonly data: Uint8ClampedArray;
}

/** Loads a mask by address. Rejects when it cannot be loaded or its server does not let other origins read it. */
export async function fetchMask(src: string): Promise<MaskPixels> {
  const image = new Image();
  image.crossOrigin = 'anonymous';
  image.src = src;
  await image.decode();
  return pixelsOf(await createImageBitmap(image, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }));
}

/** Reads a base64 PNG, as `labeledImage.pngImageData` holds it. Rejects when it is none. */
export async function readBase64Mask(base64: string): Promise<MaskPixels> {
  const bytes = Uint8Array.from(atob(base64.replace(/^data:[^,]*,/, '')), (character) => character.charCodeAt(0));
  const picture = new Blob([bytes], { type: 'image/png' });
  return pixelsOf(await createImageBitmap(picture, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }));
}

function pixelsOf(bitmap: ImageBitmap): MaskPixels {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

/**
 * The index of each pixel of the picture: n where the mask has exactly the colour of `classes[n - 1]`, 0 where it is
 * transparent or has any other colour. A mask of another size is stretched, each pixel taking its nearest neighbour.
 */
export function indicesOf(mask: MaskPixels, picture: Size, classes: readonly PaintClass[]): Uint8Array {
  const byColor = new Map(classes.map(({ color }, index) => [colorNumber(...channels(color)), index + 1]));
  const indices = new Uint8Array(picture.width * picture.height);
  const columns = Uint32Array.from({ length: picture.width }, (_, x) => nearest(x, mask.width, picture.width));
  const pixels = new Uint32Array(mask.data.buffer, mask.data.byteOffset, mask.width * mask.height);
  let lastPixel = 0;
  let lastIndex = 0;
  for (let y = 0, position = 0; y < picture.height; y += 1) {
    const row = nearest(y, mask.height, picture.height) * mask.width;
    for (let x = 0; x < picture.width; x += 1, position += 1) {
      const pixel = pixels[row + columns[x]!]!;
      if (pixel !== lastPixel) {
        lastPixel = pixel;
        lastIndex = indexOfPixel(mask.data, (row + columns[x]!) * 4, byColor);
      }
      indices[position] = lastIndex;
    }
  }
  return indices;
}

function indexOfPixel(data: Uint8ClampedArray, at: number, byColor: ReadonlyMap<number, number>): number {
  if (data[at + 3] === 0) return 0;
  return byColor.get(colorNumber(data[at]!, data[at + 1]!, data[at + 2]!)) ?? 0;
}

function colorNumber(red: number, green: number, blue: number): number {
  return (red << 16) | (green << 8) | blue;
}

function nearest(position: number, from: number, to: number): number {
  return from === to ? position : Math.floor(((position + 0.5) * from) / to);
}
