import { css, html, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import {
  type CircleMarker,
  circleMarker,
  type LatLng,
  map as createMap,
  type Map as LeafletMap,
  tileLayer,
} from 'leaflet';
import leafletStyles from 'leaflet/dist/leaflet.css?inline';
import { TaskElement } from '../base/header.js';
import { fields } from '../base/styles.js';
import { grid } from './map-grid.js';
import { mediaStrings } from './strings.js';

interface Place {
  latitude: number;
  longitude: number;
}

// Arrow keys move the map by Leaflet; its images of markers and layers are not used.
const mapStyles = leafletStyles.replace(/background-image:\s*url\([^)]*\);?/g, '');

/**
 * A place on a map.
 *
 * @attr tiles - address of map tiles with {z}, {x} and {y}; without it the map is a plain grid of degrees
 * @attr attribution - whose tiles these are
 * @attr latitude, longitude, zoom - what the map shows at first
 * Output: `{latitude, longitude}` in degrees of WGS 84, rounded to 6 decimals (0.1 m).
 */
export class CrowdMap extends TaskElement {
  @property() tiles = '';
  @property() attribution = '';
  @property({ type: Number }) latitude = 20;
  @property({ type: Number }) longitude = 0;
  @property({ type: Number }) zoom = 2;
  @state() private place: Place | undefined;
  @query('.map') private box!: HTMLElement;
  private map: LeafletMap | undefined;
  private marker: CircleMarker | undefined;
  private readonly sizes = new ResizeObserver(() => this.map?.invalidateSize());

  get value(): Place | undefined {
    return this.place;
  }
  set value(value: unknown) {
    const { latitude, longitude } = (value ?? {}) as Partial<Place>;
    const isPlace = Number.isFinite(latitude) && Number.isFinite(longitude);
    this.place = isPlace ? { latitude: latitude!, longitude: longitude! } : undefined;
    this.drawMarker(true);
  }

  override validate(): string | null {
    return this.required && !this.place ? mediaStrings.needsPlace : null;
  }

  protected override firstUpdated(changes: PropertyValues): void {
    super.firstUpdated(changes);
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const options = { zoomAnimation: !calm, fadeAnimation: !calm, inertia: !calm };
    this.map = createMap(this.box, options).setView([this.latitude, this.longitude], this.zoom);
    this.map.attributionControl.setPrefix(false);
    const { attribution } = this;
    if (this.tiles) tileLayer(this.tiles, { attribution, maxZoom: 20 }).addTo(this.map);
    else grid().addTo(this.map);
    this.map.on('click', ({ latlng }) => this.mark(latlng));
    this.sizes.observe(this.box);
    this.drawMarker(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  private mark(point: LatLng): void {
    if (this.disabled) return;
    const { lat, lng } = point.wrap();
    this.place = { latitude: round(lat), longitude: round(lng) };
    this.drawMarker(false);
    this.changed();
  }

  private markMiddle(): void {
    this.mark(this.map!.getCenter());
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.target !== this.box) return;
    event.preventDefault();
    this.markMiddle();
  }

  private drawMarker(follow: boolean): void {
    this.marker?.remove();
    if (!this.map || !this.place) return;
    const point: [number, number] = [this.place.latitude, this.place.longitude];
    this.marker = circleMarker(point, { radius: 10, color: '#fff', weight: 3, fillColor: '#a8271d', fillOpacity: 1 });
    this.marker.addTo(this.map);
    if (follow) this.map.setView(point, Math.max(this.map.getZoom(), this.zoom));
  }

  private edit(part: keyof Place, event: Event): void {
    const text = (event.target as HTMLInputElement).value;
    const number = Number(text);
    const limit = part === 'latitude' ? 90 : 180;
    if (text === '' || !Number.isFinite(number) || Math.abs(number) > limit) return;
    const { lat, lng } = this.map!.getCenter();
    this.place = { latitude: round(lat), longitude: round(lng), ...this.place, [part]: number };
    this.drawMarker(true);
    this.changed();
  }

  override render(): TemplateResult {
    const field = (part: keyof Place): TemplateResult =>
      html`<label
        ><span class="caption">${mediaStrings[part]}</span>
        <input
          class="field"
          inputmode="decimal"
          .value=${String(this.place?.[part] ?? '')}
          ?disabled=${this.disabled}
          @change=${(event: Event) => this.edit(part, event)}
      /></label>`;
    return this.renderFrame(html`
      <slot></slot>
      <div class="around">
        <div class="map" role="application" aria-label=${mediaStrings.map} data-own-keys @keydown=${this.onKey}></div>
        <i class="middle" aria-hidden="true"></i>
      </div>
      <p class="quiet">${mediaStrings.mapHelp}</p>
      <div class="row">
        <button class="button" type="button" ?disabled=${this.disabled} @click=${this.markMiddle}>
          ${mediaStrings.markMiddle}
        </button>
        ${field('latitude')} ${field('longitude')}
      </div>
    `);
  }

  static override styles = [
    ...TaskElement.styles,
    fields,
    unsafeCSS(mapStyles),
    css`
      .around {
        position: relative;
        isolation: isolate;
      }
      .map {
        height: min(60vh, 460px);
        min-height: 240px;
        border: 1px solid var(--crowd-edge);
        border-radius: var(--crowd-round);
        background: var(--crowd-sunken);
        font: inherit;
      }
      .leaflet-bar a {
        width: 40px;
        height: 40px;
        line-height: 40px;
      }
      .middle {
        position: absolute;
        inset: 0;
        z-index: 1000;
        width: 18px;
        height: 18px;
        margin: auto;
        background:
          linear-gradient(#1d2330, #1d2330) 50% / 2px 100% no-repeat,
          linear-gradient(#1d2330, #1d2330) 50% / 100% 2px no-repeat;
        pointer-events: none;
        opacity: 0.6;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 8px;
      }
      .row .field {
        width: 11em;
      }
    `,
  ];
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

customElements.define('crowd-map', CrowdMap);
