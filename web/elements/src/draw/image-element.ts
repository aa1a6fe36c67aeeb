import type { Size } from './geometry.js';
import { DrawingElement } from './drawing-element.js';
import { Picture } from './picture.js';
import type { Stage } from './stage.js';

/** An element that draws on a still picture: the picture is the lowest layer, and its size is part of every output. */
export abstract class ImageElement extends DrawingElement {
  private picture: Picture | null = null;

  protected addPictureLayer(stage: Stage): void {
    stage.addLayer((context, view, ratio) => this.picture?.paint(context, view, ratio));
  }

  protected override async openSource(src: string): Promise<Size> {
    this.picture?.close();
    this.picture = null;
    const picture = await Picture.load(src);
    this.picture = picture;
    void picture.prepare(() => this.stage.repaint());
    return picture.size;
  }

  /** The part of the output that every image tool has. */
  protected inputImageProperties(size: Size): { height: number; width: number } {
    return { height: size.height, width: size.width };
  }
}
