import type { MaskEditor } from './mask-editor.js';
import { paintCross, paintHandle, paintOpenPath } from './shape-painter.js';
import type { View } from './view.js';

/** Paints what is above the mask: the brush's outline, the area under way, the keyboard's cursor. */
export function paintMaskTools(
  context: CanvasRenderingContext2D,
  view: View,
  editor: MaskEditor,
  showCursor: boolean,
): void {
  const color = editor.currentClass?.color ?? '#7f7f7f';
  const { outline, brushAt, cursor } = editor;
  if (outline !== null) {
    const path = outline.map((point) => view.toScreen(point));
    const next = brushAt === null ? path : [...path, view.toScreen(brushAt)];
    paintOpenPath(context, next, color, false);
    if (path.length <= 60) path.forEach((point) => paintHandle(context, point, false));
  }
  if (showCursor && cursor !== null && brushAt === cursor) paintCross(context, view.toScreen(cursor), view);
  if (editor.tool !== 'area' && brushAt !== null) {
    const { x, y } = view.toScreen(brushAt);
    paintRing(
      context,
      x,
      y,
      Math.max((editor.size / 2) * view.scale, 1.5),
      editor.tool === 'eraser' ? '#000000' : color,
    );
  }
}

function paintRing(context: CanvasRenderingContext2D, x: number, y: number, radius: number, color: string): void {
  for (const [style, width] of [
    ['#ffffff', 4],
    [color, 2],
  ] as const) {
    context.beginPath();
    context.arc(x, y, radius, 0, Math.PI * 2);
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke();
  }
}
