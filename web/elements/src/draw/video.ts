import type { Size } from './geometry.js';
import type { Painter } from './stage.js';

/** A little into the frame, so that rounding never shows the one before. */
const INTO_FRAME = 0.001;

/** A video that is looked at frame by frame, on a grid of `rate` frames a second. */
export class Video {
  readonly size: Size;
  /** Seconds. */
  readonly duration: number;
  #video: HTMLVideoElement;
  #rate: number;
  #moved: () => void;
  /** The frame that was asked for; the video may still be on its way there. */
  #target = 0;

  private constructor(video: HTMLVideoElement, rate: number, moved: () => void) {
    this.#video = video;
    this.#rate = rate;
    this.#moved = moved;
    this.size = { width: video.videoWidth, height: video.videoHeight };
    this.duration = video.duration;
    video.addEventListener('seeked', () => moved());
    video.addEventListener('ended', () => this.pause());
  }

  /** Loads the first frame and the length; `moved` is called whenever another moment is shown. Rejects when it fails. */
  static async load(src: string, rate: number, moved: () => void): Promise<Video> {
    const video = document.createElement('video');
    video.preload = 'auto';
    video.playsInline = true;
    video.src = src;
    await once(video, 'loadeddata');
    if (!Number.isFinite(video.duration)) await findDuration(video);
    return new Video(video, rate, moved);
  }

  get lastFrame(): number {
    return Math.max(Math.ceil(this.duration * this.#rate - 1e-6) - 1, 0);
  }

  get playing(): boolean {
    return !this.#video.paused;
  }

  get frame(): number {
    if (!this.playing) return this.#target;
    return Math.min(Math.floor(this.#video.currentTime * this.#rate), this.lastFrame);
  }

  seek(frame: number): void {
    this.#video.pause();
    this.#target = Math.min(Math.max(frame, 0), this.lastFrame);
    this.#video.currentTime = this.#target / this.#rate + INTO_FRAME;
    this.#moved();
  }

  async play(): Promise<void> {
    await this.#video.play();
    const follow = (): void => {
      if (!this.playing) return;
      this.#moved();
      requestAnimationFrame(follow);
    };
    follow();
  }

  /** Stops on a frame of the grid. */
  pause(): void {
    this.seek(Math.min(Math.floor(this.#video.currentTime * this.#rate), this.lastFrame));
  }

  readonly paint: Painter = (context, view) => {
    const { width, height } = this.size;
    context.imageSmoothingEnabled = view.scale < 4;
    context.drawImage(this.#video, view.offset.x, view.offset.y, width * view.scale, height * view.scale);
  };
}

/** Recordings of browsers do not say how long they are, until someone asks for their end. */
async function findDuration(video: HTMLVideoElement): Promise<void> {
  video.currentTime = Number.MAX_SAFE_INTEGER;
  while (!Number.isFinite(video.duration)) await once(video, 'durationchange');
  video.currentTime = 0;
  await once(video, 'seeked');
}

function once(video: HTMLVideoElement, name: string): Promise<void> {
  return new Promise((done, fail) => {
    const ending = new AbortController();
    const settle = (act: () => void) => () => {
      ending.abort();
      act();
    };
    const { signal } = ending;
    video.addEventListener(name, settle(done), { signal });
    const broken = (): void => fail(new Error(video.error?.message || 'the video cannot be read'));
    video.addEventListener('error', settle(broken), { signal });
  });
}
