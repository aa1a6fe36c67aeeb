import { type Coords, GridLayer } from 'leaflet';

/** Tiles drawn in the page: the borders of each tile and the degrees of its corner. For maps without a tile server. */
class Grid extends GridLayer {
  protected override createTile(coords: Coords): HTMLElement {
    const tile = document.createElement('div');
    const { lat, lng } = this._map.unproject(coords.scaleBy(this.getTileSize()), coords.z);
    Object.assign(tile.style, {
      border: '0 solid #857f73',
      borderWidth: '1px 0 0 1px',
      padding: '2px 4px',
      color: '#575c69',
    });
    tile.style.fontSize = '11px';
    tile.textContent = `${degrees(lat, 'N', 'S')} ${degrees(lng, 'E', 'W')}`;
    return tile;
  }
}

function degrees(value: number, positive: string, negative: string): string {
  return `${Math.abs(value)
    .toFixed(3)
    .replace(/\.?0+$/, '')}° ${value < 0 ? negative : positive}`;
}

export function grid(): GridLayer {
  return new Grid({ noWrap: true });
}
