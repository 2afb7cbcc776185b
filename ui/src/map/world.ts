// SPDX-License-Identifier: Apache-2.0
// The base map: land and borders of Natural Earth 1:50 million, as they come with this page. No request leaves it.
// Borders are for orientation alone; none of them is anybody's position.
import type { GeometryCollection, Topology } from 'topojson-specification';
import { feature, mesh } from 'topojson-client';
import GeoJSON from 'ol/format/GeoJSON';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import { Fill, Stroke, Style } from 'ol/style';
import atlas from 'world-atlas/countries-50m.json?url';
import type { Ink } from './ink';

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;
let read: Promise<Atlas> | undefined;

/** Land and borders as one layer, drawn in the page's own greys. */
export function world(ink: () => Ink): VectorLayer<VectorSource> {
  const source = new VectorSource({ wrapX: true });
  read ??= fetch(atlas).then((answer) => answer.json() as Promise<Atlas>);
  void read.then((topology) => {
    const format = new GeoJSON({ featureProjection: 'EPSG:3857' });
    source.addFeatures(format.readFeatures(feature(topology, topology.objects.land)));
    const borders = mesh(topology, topology.objects.countries, (a, b) => a !== b);
    source.addFeatures(format.readFeatures(borders));
  });
  return new VectorLayer({
    source,
    style: (shape) => {
      const land = shape.getGeometry()?.getType().includes('Polygon') ?? false;
      if (land) return new Style({ fill: new Fill({ color: ink().land }), stroke: new Stroke({ color: ink().coast, width: 0.6 }) });
      return new Style({ stroke: new Stroke({ color: ink().coast, width: 0.8, lineDash: [4, 3] }) });
    },
    updateWhileAnimating: true,
  });
}
