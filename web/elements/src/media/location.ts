import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { TaskElement } from '../base/header.js';
import { mediaStrings } from './strings.js';

export interface Position {
  latitude: number;
  longitude: number;
  /** Metres. */
  accuracy: number;
  /** When it was found, in ISO 8601. */
  at: string;
}

/**
 * Where the worker is, when they press the button.
 *
 * @attr max-accuracy - metres by which the position may be off at most
 * Output: `{latitude, longitude, accuracy, at}`, degrees of WGS 84 and metres.
 */
export class CrowdLocation extends TaskElement {
  @property({ attribute: 'max-accuracy', type: Number }) maxAccuracy = Infinity;
  @state() private position: Position | undefined;
  @state() private isBusy = false;

  get value(): Position | undefined {
    return this.position;
  }
  set value(value: unknown) {
    this.position = (value as Position | null | undefined) ?? undefined;
  }

  override validate(): string | null {
    if (!this.position) return this.required ? mediaStrings.needsHere : null;
    const { accuracy } = this.position;
    return accuracy > this.maxAccuracy ? mediaStrings.tooVague(Math.round(accuracy), this.maxAccuracy) : null;
  }

  private locate(): void {
    this.isBusy = true;
    this.problem = null;
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy }, timestamp }) => {
        this.isBusy = false;
        this.position = { latitude, longitude, accuracy, at: new Date(timestamp).toISOString() };
        this.changed();
        this.problem = this.validate();
      },
      ({ message }) => {
        this.isBusy = false;
        this.problem = mediaStrings.noPosition(message);
      },
      { enableHighAccuracy: true, timeout: 30_000, maximumAge: 0 },
    );
  }

  override render(): TemplateResult {
    return this.renderFrame(html`
      <slot></slot>
      <button class="button main" type="button" ?disabled=${this.disabled || this.isBusy} @click=${this.locate}>
        ${mediaStrings.here}
      </button>
      <p role="status">${this.isBusy ? mediaStrings.locating : this.position ? describe(this.position) : nothing}</p>
    `);
  }
}

function describe({ latitude, longitude, accuracy }: Position): string {
  return mediaStrings.located(`${latitude.toFixed(5)}, ${longitude.toFixed(5)}`, Math.round(accuracy));
}

customElements.define('crowd-location', CrowdLocation);
