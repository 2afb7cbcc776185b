// SPDX-License-Identifier: Apache-2.0
// How notices look: grey while nothing is the matter; what is abnormal has a colour, and always a line and a sign of
// its own too, so that it is told apart in greyscale.
import type Feature from 'ol/Feature';
import { getCenter, getHeight, getWidth } from 'ol/extent';
import Point from 'ol/geom/Point';
import { toLonLat } from 'ol/proj';
import { Circle, Fill, RegularShape, Stroke, Style, Text } from 'ol/style';
import { SIGNS, type State, stateOf } from '../lib/states';
import type { MapItem } from '../lib/wire';
import type { Ink } from './ink';

const LABELS_BELOW = 200; // metres a pixel
const FONT = '12px "Noto Sans", "Noto Sans Arabic", sans-serif';

/** Styles of sites counted together: how many, in a circle that is nobody's place. */
export function cellStyle(sites: number, ink: Ink): Style {
  const radius = 9 + 3 * Math.log10(sites);
  return new Style({
    image: new Circle({ radius, fill: new Fill({ color: `${ink.paper}d0` }), stroke: new Stroke({ color: ink.line, width: 1.2 }) }),
    text: new Text({ text: String(sites), font: FONT, fill: new Fill({ color: ink.text }) }),
  });
}

/** A corner that can be dragged: a ring wide enough for a finger. */
export function gripStyle(ink: Ink): Style {
  return new Style({ image: new Circle({ radius: 8, fill: new Fill({ color: `${ink.paper}80` }), stroke: new Stroke({ color: ink.chosen, width: 2 }) }) });
}

/** Styles of a feature at a resolution (metres of the projection a pixel). */
export function stylesOf(feature: Feature, resolution: number, ink: Ink, chosen: boolean): Style[] {
  const item = feature.get('item') as MapItem;
  const state = stateOf(item);
  const extent = feature.getGeometry()!.getExtent();
  const middle = getCenter(extent);
  const metre = 1 / Math.cos((toLonLat(middle)[1]! * Math.PI) / 180) / resolution;
  const reach = (feature.get('reach_m') as number) * metre;
  const colour = state === 'plain' || state === 'quiet' ? ink.line : ink[state];
  // An area that is smaller on the screen than a sign is shown as the sign of what it is.
  const small = Math.max(getWidth(extent), getHeight(extent)) / resolution < 8;
  const drawn = [outline(item, colour, reach, state, resolution)];
  if (small) drawn[0]!.setGeometry(new Point(middle));
  if (reach > 1) drawn.unshift(halo(feature, reach, colour));
  if (chosen) drawn.push(ring(middle, Math.max(reach, 6) + 5, ink.chosen));
  if (feature.get('first') && state !== 'quiet' && (SIGNS[state] || resolution < LABELS_BELOW)) drawn.push(label(item, middle, state, colour, resolution, ink));
  return drawn;
}

function halo(feature: Feature, reach: number, colour: string): Style {
  const faint = `${colour}38`;
  if (feature.getGeometry()?.getType() === 'Point') {
    return new Style({ image: new Circle({ radius: reach, declutterMode: 'none', fill: new Fill({ color: faint }), stroke: new Stroke({ color: colour, width: 1 }) }) });
  }
  return new Style({ stroke: new Stroke({ color: faint, width: 2 * reach, lineCap: 'round', lineJoin: 'round' }) });
}

/** Activities dashed, movements long-dashed, sites and areas whole; a conflict is drawn heavier. */
function outline(item: MapItem, colour: string, reach: number, state: State, resolution: number): Style {
  const dash = state === 'doubt' ? [2, 4] : item.notice === 'activity' ? [6, 4] : item.notice === 'movement' ? [14, 5] : [];
  const stroke = new Stroke({ color: colour, width: state === 'plain' || state === 'quiet' ? 1.2 : 2.6, lineDash: dash });
  const shown = { stroke, fill: new Fill({ color: `${colour}24` }) };
  if (reach > 6) return new Style(shown);
  // From far away a thousand sites are a texture, and not a thousand signs.
  const far = resolution > LABELS_BELOW && state === 'plain';
  const image = { ...shown, fill: new Fill({ color: colour }) };
  if (item.notice === 'site') return new Style({ ...shown, image: new RegularShape({ points: 4, radius: far ? 2.4 : 4.5, angle: Math.PI / 4, declutterMode: 'none', fill: image.fill, ...(far ? {} : { stroke }) }) });
  if (item.notice === 'stop') return new Style({ ...shown, image: new RegularShape({ points: 8, radius: 6, declutterMode: 'none', ...image }) });
  return new Style({ ...shown, image: new RegularShape({ points: 3, radius: 5, declutterMode: 'none', ...image }) });
}

function ring(middle: number[], radius: number, colour: string): Style {
  return new Style({ geometry: new Point(middle), image: new Circle({ radius, declutterMode: 'none', stroke: new Stroke({ color: colour, width: 2, lineDash: [3, 3] }) }), zIndex: 9 });
}

function label(item: MapItem, middle: number[], state: State, colour: string, resolution: number, ink: Ink): Style {
  const sign = SIGNS[state] && `${SIGNS[state]} `;
  const name = resolution < LABELS_BELOW / 4 && item.name ? ` ${item.name}` : '';
  return new Style({
    geometry: new Point(middle),
    text: new Text({
      text: `${sign}${item.id}${name}`,
      font: FONT,
      offsetY: -14,
      overflow: true,
      // What is abnormal is always labelled; other labels stand where there is room.
      declutterMode: state === 'plain' ? 'declutter' : 'obstacle',
      fill: new Fill({ color: state === 'plain' ? ink.text : colour }),
      stroke: new Stroke({ color: ink.paper, width: 3 }),
    }),
    zIndex: state === 'plain' ? 1 : 5,
  });
}
