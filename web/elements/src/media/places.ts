import { css, html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import { property, query } from 'lit/decorators.js';
import {
  circle,
  type CircleMarker,
  circleMarker,
  featureGroup,
  map as createMap,
  type Map as LeafletMap,
} from 'leaflet';
import leafletStyles from 'leaflet/dist/leaflet.css?inline';
import { common } from '../base/styles.js';
import { grid } from './map-grid.js';
import { mediaStrings } from './strings.js';

export interface ShownPlace {
  id: string;
  latitude: number;
  longitude: number;
  label?: string;
}

export interface Position {
  latitude: number;
  longitude: number;
  /** Metres. */
  accuracy: number;
}

const mapStyles = leafletStyles.replace(/background-image:\s*url\([^)]*\);?/g, '');
const colours = { place: '#a8271d', chosen: '#1c4d88', here: '#1d6a52' };

/**
 * Places on a map, one of which can be chosen; for a shell, which lists them beside it for those who see no map.
 *
 * @fires chosen - CustomEvent<string>, the id of the place
 * @fires moved - CustomEvent<{latitude, longitude}>, the middle of the map after the worker has moved it
 */
export class CrowdPlaces extends LitElement {
  @property({ attribute: false }) places: readonly ShownPlace[] = [];
  @property({ attribute: false }) here: Position | null = null;
  @property({ attribute: false }) chosen: string | null = null;
  @query('.map') private box!: HTMLElement;
  private map: LeafletMap | undefined;
  private readonly marks = featureGroup();
  private readonly markers = new Map<string, CircleMarker>();
  private readonly sizes = new ResizeObserver(() => this.map?.invalidateSize());
  /** Set while the map moves by itself. */
  private fitting = false;

  protected override firstUpdated(): void {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const options = { zoomAnimation: !calm, fadeAnimation: !calm, inertia: !calm };
    this.map = createMap(this.box, options).setView([20, 0], 2);
    this.map.attributionControl.setPrefix(false);
    grid().addTo(this.map);
    this.marks.addTo(this.map);
    this.map.on('moveend', () => this.moved());
    this.sizes.observe(this.box);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  protected override updated(changes: PropertyValues): void {
    if (changes.has('places') || changes.has('here')) this.draw();
    for (const [id, marker] of this.markers) this.colour(marker, id === this.chosen);
    const mark = this.chosen === null ? undefined : this.markers.get(this.chosen);
    if (mark && changes.has('chosen')) {
      mark.bringToFront();
      if (!this.map!.getBounds().contains(mark.getLatLng())) this.quietly(() => this.map!.panTo(mark.getLatLng()));
    }
  }

  private draw(): void {
    this.marks.clearLayers();
    this.markers.clear();
    for (const { id, latitude, longitude, label } of this.places) {
      const marker = circleMarker([latitude, longitude], { radius: 10, color: '#fff', weight: 3, fillOpacity: 1 });
      if (label) marker.bindTooltip(label);
      marker.on('click', () => this.dispatchEvent(new CustomEvent('chosen', { detail: id })));
      this.markers.set(id, marker.addTo(this.marks));
    }
    if (this.here) this.drawHere(this.here);
    const bounds = this.marks.getBounds();
    if (bounds.isValid()) this.quietly(() => this.map!.fitBounds(bounds.pad(0.1), { maxZoom: 16 }));
  }

  private drawHere({ latitude, longitude, accuracy }: Position): void {
    const { here: color } = colours;
    circle([latitude, longitude], { radius: accuracy, color, weight: 1, fillOpacity: 0.15 }).addTo(this.marks);
    circleMarker([latitude, longitude], { radius: 6, color: '#fff', weight: 2, fillColor: color, fillOpacity: 1 })
      .bindTooltip(mediaStrings.youAreHere)
      .addTo(this.marks);
  }

  private colour(marker: CircleMarker, chosen: boolean): void {
    marker.setStyle({ fillColor: chosen ? colours.chosen : colours.place });
    marker.setRadius(chosen ? 13 : 10);
  }

  private quietly(move: () => void): void {
    this.fitting = true;
    move();
  }

  private moved(): void {
    if (this.fitting) {
      this.fitting = false;
      return;
    }
    const { lat, lng } = this.map!.getCenter().wrap();
    this.dispatchEvent(new CustomEvent('moved', { detail: { latitude: lat, longitude: lng } }));
  }

  override render(): TemplateResult {
    return html`<div class="map" role="application" aria-label=${mediaStrings.places} data-own-keys></div>`;
  }

  static override styles = [
    common,
    unsafeCSS(mapStyles),
    css`
      :host {
        display: block;
        isolation: isolate;
      }
      .map {
        height: 100%;
        min-height: 220px;
        border: 1px solid var(--crowd-edge, #857f73);
        border-radius: var(--crowd-round, 6px);
        background: var(--crowd-sunken, #eae6dd);
        font: inherit;
      }
      .leaflet-touch .leaflet-bar a,
      .leaflet-bar a {
        width: 40px;
        height: 40px;
        line-height: 40px;
      }
    `,
  ];
}

customElements.define('crowd-places', CrowdPlaces);
