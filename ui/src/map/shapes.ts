// SPDX-License-Identifier: Apache-2.0
// Notices as features of the map. A footprint is a core and a radius: the core is the geometry, and the radius
// becomes the width of the pen, so that what is drawn is what is meant, without polygons made up for it.
import Feature from 'ol/Feature';
import type { Geometry } from 'ol/geom';
import LineString from 'ol/geom/LineString';
import Point from 'ol/geom/Point';
import Polygon from 'ol/geom/Polygon';
import { fromLonLat } from 'ol/proj';
import type { Footprint, MapCell, MapItem, Position } from '../lib/wire';

const E7 = 1e7;
const HALF_TURN_E7 = 180 * E7;

/** One feature a footprint; each knows its notice and its radius, and one bears the label. */
export function featuresOf(item: MapItem): Feature[] {
  return item.volumes.map((volume, i) => {
    const made = new Feature(geometryOf(volume.footprint));
    made.setProperties({ item, reach_m: reachM(volume.footprint), first: i === 0 }, true);
    return made;
  });
}

/** A cell of counted sites. */
export function cellFeature(cell: MapCell): Feature {
  const made = new Feature(new Point(fromLonLat([cell.middle[0] / E7, cell.middle[1] / E7])));
  made.setProperties({ cell }, true);
  return made;
}

/** How far a footprint reaches beyond its core, uncertainty included, in metres. */
export function reachM(footprint: Footprint): number {
  return (footprint.radius_mm + footprint.uncertainty_mm) / 1000;
}

/** The core of a footprint; edges go the short way round. */
export function geometryOf(footprint: Footprint): Geometry {
  const rings = footprint.rings.map(unwrapped);
  if (footprint.shape === 'point') return new Point(rings[0]?.[0] ?? [0, 0]);
  if (footprint.shape === 'line') return new LineString(rings[0] ?? []);
  return new Polygon(rings.map((ring) => [...ring, ring[0] ?? [0, 0]]));
}

function unwrapped(ring: readonly Position[]): number[][] {
  let before = ring[0]?.[0] ?? 0;
  return ring.map(([lon, lat]) => {
    let east = lon;
    while (east - before > HALF_TURN_E7) east -= 2 * HALF_TURN_E7;
    while (before - east > HALF_TURN_E7) east += 2 * HALF_TURN_E7;
    before = east;
    return fromLonLat([east / E7, lat / E7]);
  });
}
