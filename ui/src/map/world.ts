// SPDX-License-Identifier: Apache-2.0
// The base map: land and borders of Natural Earth 1:50 million, as they come with this page. No request leaves it.
// Borders are for orientation alone; none of them is anybody's position.
import type { GeometryCollection, Topology } from 'topojson-specification';
import { feature, mesh } from 'topojson-client';
import Feature from 'ol/Feature';
import GeoJSON from 'ol/format/GeoJSON';
import MultiPolygon from 'ol/geom/MultiPolygon';
import Polygon from 'ol/geom/Polygon';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import { Fill, Stroke, Style, Text } from 'ol/style';
import atlas from 'world-atlas/countries-50m.json?url';
import type { Ink } from './ink';

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;
let read: Promise<Atlas> | undefined;
/** Between these many metres a pixel countries are named. */
const [NEAR, FAR] = [300, 12_000];

/** Land and borders as one layer, drawn in the page's own greys. */
export function world(ink: () => Ink, locale: string): VectorLayer<VectorSource> {
  const source = new VectorSource({ wrapX: true });
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });
  read ??= fetch(atlas).then((answer) => answer.json() as Promise<Atlas>);
  void read.then((topology) => {
    const format = new GeoJSON({ featureProjection: 'EPSG:3857' });
    source.addFeatures(format.readFeatures(feature(topology, topology.objects.land)));
    const borders = mesh(topology, topology.objects.countries, (a, b) => a !== b);
    source.addFeatures(format.readFeatures(borders));
    source.addFeatures(format.readFeatures(feature(topology, topology.objects.countries)).flatMap((country) => named(country, names)));
  });
  return new VectorLayer({
    source,
    declutter: true,
    style: (shape, resolution) => {
      const name = shape.get('label') as string | undefined;
      if (name) return resolution < FAR && resolution > NEAR ? labelled(name, ink()) : undefined;
      const land = shape.getGeometry()?.getType().includes('Polygon') ?? false;
      if (land) return new Style({ fill: new Fill({ color: ink().land }), stroke: new Stroke({ color: ink().coast, width: 0.6 }) });
      return new Style({ stroke: new Stroke({ color: ink().coast, width: 0.8, lineDash: [4, 3] }) });
    },
    updateWhileAnimating: true,
  });
}

/** A country's name in the language of the page, in its middle; none for what has no number of its own. */
function named(country: Feature, names: Intl.DisplayNames): Feature[] {
  const id = String(country.getId() ?? '').padStart(3, '0');
  const region = /^\d{3}$/.test(id) ? new Intl.Locale(`und-${id}`).region : undefined;
  const label = region && names.of(region);
  const geometry = country.getGeometry();
  if (!label || !geometry) return [];
  const parts = geometry instanceof MultiPolygon ? geometry.getPolygons() : geometry instanceof Polygon ? [geometry] : [];
  const widest = parts.sort((a, b) => b.getArea() - a.getArea())[0];
  return widest ? [new Feature({ geometry: widest.getInteriorPoint(), label })] : [];
}

function labelled(text: string, ink: Ink): Style {
  const shown = { text, font: '12px "Noto Sans", "Noto Sans Arabic", sans-serif', fill: new Fill({ color: ink.line }), stroke: new Stroke({ color: ink.land, width: 2 }) };
  return new Style({ text: new Text(shown) });
}
