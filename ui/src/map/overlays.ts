// SPDX-License-Identifier: Apache-2.0
// Maps of one's own as layers of the map: pictures, vector tiles and shapes of this server, and another server's tiles.
// Fetched only where somebody chose one.
import GeoJSON from 'ol/format/GeoJSON';
import MVT from 'ol/format/MVT';
import type BaseLayer from 'ol/layer/Base';
import TileLayer from 'ol/layer/Tile';
import VectorLayer from 'ol/layer/Vector';
import VectorTileLayer from 'ol/layer/VectorTile';
import { transformExtent } from 'ol/proj';
import ImageTile from 'ol/source/ImageTile';
import VectorSource from 'ol/source/Vector';
import VectorTileSource from 'ol/source/VectorTile';
import { Fill, Stroke, Style, Text } from 'ol/style';
import type { FeatureLike } from 'ol/Feature';
import type VectorTile from 'ol/VectorTile';
import type RenderFeature from 'ol/render/Feature';
import { bytesOf, layers, type OwnMap, REMOTE } from '../lib/layers.svelte';
import type { Ink } from './ink';

/** A map as a layer. */
export function overlay(one: OwnMap, ink: () => Ink): BaseLayer {
  const style = (feature: FeatureLike) => plain(feature, ink());
  if (one.form === 'geojson') return new VectorLayer({ source: shapesOf(one), style, declutter: true });
  const extent = transformExtent([...one.bounds], 'EPSG:4326', 'EPSG:3857');
  if (one.form === 'pbf') return new VectorTileLayer({ source: vectorsOf(one), style, extent, declutter: true });
  return new TileLayer({ source: one.id === REMOTE ? remote() : picturesOf(one), extent });
}

function picturesOf(one: OwnMap): ImageTile {
  return new ImageTile({
    minZoom: one.min_zoom,
    maxZoom: one.max_zoom,
    wrapX: true,
    loader: async (z, x, y) => {
      const bytes = await bytesOf(`${one.id}/tiles/${z}/${x}/${y}`);
      return bytes ? createImageBitmap(bytes) : document.createElement('canvas');
    },
  });
}

/** Asked as plain pictures and without a referrer, so that the other server is not told which centre this is. */
function remote(): ImageTile {
  const address = layers.offered?.remote?.address ?? '';
  return new ImageTile({
    wrapX: true,
    loader: (z, x, y) =>
      new Promise((resolve, reject) => {
        const picture = new Image();
        picture.referrerPolicy = 'no-referrer';
        picture.onload = () => resolve(picture);
        picture.onerror = reject;
        picture.src = address.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
      }),
  });
}

function vectorsOf(one: OwnMap): VectorTileSource {
  const format = new MVT();
  return new VectorTileSource({
    format,
    minZoom: one.min_zoom,
    maxZoom: one.max_zoom,
    wrapX: true,
    url: `${one.id}/tiles/{z}/{x}/{y}`,
    tileLoadFunction: (tile, path) => {
      const drawn = tile as VectorTile<RenderFeature>;
      drawn.setLoader((extent, _resolution, projection) => {
        const found = bytesOf(path).then((bytes) => bytes?.arrayBuffer());
        found.then(
          (bytes) => drawn.setFeatures(bytes ? format.readFeatures(bytes, { extent, featureProjection: projection }) : []),
          () => drawn.onError(),
        );
      });
    },
  });
}

function shapesOf(one: OwnMap): VectorSource {
  const source = new VectorSource({ wrapX: true });
  const format = new GeoJSON({ featureProjection: 'EPSG:3857' });
  void bytesOf(`${one.id}/shapes`).then(async (bytes) => source.addFeatures(format.readFeatures(await bytes?.text())));
  return source;
}

/** Thin lines and names in the page's greys, so that no map of anybody's looks like a notice. */
function plain(feature: FeatureLike, ink: Ink): Style {
  const name = feature.get('name') as unknown;
  const filled = feature.getGeometry()?.getType().includes('Polygon') ?? false;
  return new Style({
    stroke: new Stroke({ color: ink.line, width: 0.8, ...(filled ? { lineDash: [6, 3] } : {}) }),
    ...(typeof name === 'string' && name
      ? { text: new Text({ text: name, font: '12px "Noto Sans", "Noto Sans Arabic", sans-serif', fill: new Fill({ color: ink.line }), stroke: new Stroke({ color: ink.land, width: 2 }) }) }
      : {}),
  });
}
