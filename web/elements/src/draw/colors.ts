// Colours of labels and instances. The first ten are the "category10" palette that Ground Truth hands out in the same
// order (its documented sample outputs begin with #1f77b4, #ff7f0e, #2ca02c).

const PALETTE = [
  '#1f77b4',
  '#ff7f0e',
  '#2ca02c',
  '#d62728',
  '#9467bd',
  '#8c564b',
  '#e377c2',
  '#7f7f7f',
  '#bcbd22',
  '#17becf',
] as const;

const GOLDEN_ANGLE = 137.508;

/** The `index`-th colour, `#rrggbb`; after the palette, hues that are far from each other. */
export function paletteColor(index: number): string {
  return PALETTE[index] ?? hexFromHue((index * GOLDEN_ANGLE) % 360, index % 2 === 0 ? 0.45 : 0.6);
}

/** The first palette colour that is not in `used`. */
export function freeColor(used: Iterable<string>): string {
  const taken = new Set(Array.from(used, (color) => color.toLowerCase()));
  let index = 0;
  while (taken.has(paletteColor(index))) index += 1;
  return paletteColor(index);
}

function hexFromHue(hue: number, lightness: number): string {
  const chroma = 0.7 * (1 - Math.abs(2 * lightness - 1));
  const channel = (shift: number): string => {
    const position = (shift + hue / 30) % 12;
    const value = lightness - (chroma / 2) * Math.max(-1, Math.min(position - 3, 9 - position, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** `#rgb` or `#rrggbb`, in any case, as `#rrggbb` in lower case; `null` when it is neither. */
export function normalizeColor(color: string): string | null {
  const text = color.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(text)) return text;
  if (!/^#[0-9a-f]{3}$/.test(text)) return null;
  return `#${text
    .slice(1)
    .split('')
    .map((digit) => digit + digit)
    .join('')}`;
}

/** Red, green and blue, each 0–255, of `#rrggbb`. */
export function channels(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Black or white, whichever reads better on the colour (WCAG relative luminance, threshold of equal contrast). */
export function readableOn(color: string): '#000000' | '#ffffff' {
  const [red, green, blue] = channels(color).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}
