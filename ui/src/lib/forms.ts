// SPDX-License-Identifier: Apache-2.0
// What somebody types into the form of a notice, and the content that it makes. Whatever is not whole is said, field by
// field, and nothing is filled in for anybody.
import type { Activity, Area, Content, Coordinates, Footprint, Level, Movement, Position, Site, Volume } from './wire';
import { type AirFields, airCard, airFields, channels, noAir, noRoad, type RoadFields, roadCard, roadFields } from './cards';
import { volumesOf } from './volumes';
import { Problem } from './http';
import { session } from './session.svelte';

export type Sort = 'site' | 'movement' | 'activity' | 'area';
export type Datum = Level['datum'];

/** A typed place, and what the centre read it as. */
export interface Place { text: string; read: Coordinates | null; fault: unknown }

/** One volume or leg as it is typed. `fixed`: rings that came whole, from a file or an earlier version. */
export interface Leg {
  key: number;
  shape: Footprint['shape'];
  places: Place[];
  fixed: { rings: Position[][]; edges: Footprint['edges']; uncertainty_mm: number } | null;
  radius_m: string;
  lower: string;
  lower_datum: Datum;
  upper: string;
  upper_datum: Datum;
  start: string;
  end: string;
}

export interface Form {
  sort: Sort;
  kind: string;
  name: string;
  placed: boolean;
  valid_until: string;
  ground_hazard: 'none' | 'possible';
  /** Declared footprints of an activity's hazard to the ground, kept as they came. */
  hazard: Footprint[];
  /** Of an area: who must assent. */
  parties: string[];
  air: AirFields;
  road: RoadFields;
  legs: Leg[];
  /** What an amended notice says that this form does not ask about; it is said again as it was. */
  rest: Partial<Content>;
}

/** What keeps a form from being a notice: a text's key, and the number of the leg. */
export interface Lack { key: `lack.${string}`; leg: number }

const ASKED = ['notice', 'kind', 'name', 'volumes', 'legs', 'placed', 'valid_until_us', 'parties', 'ground_hazard', 'hazard', 'air', 'road'];
const FL_MM = 30_480;
const FEWEST: Record<Footprint['shape'], number> = { point: 1, line: 2, polygon: 3 };
let keys = 0;

/** An empty leg. */
export function newLeg(shape: Footprint['shape'] = 'point'): Leg {
  const plain = { lower: '', lower_datum: 'AMSL', upper: '', upper_datum: 'AMSL', start: '', end: '', radius_m: '' } as const;
  return { key: ++keys, shape, places: [], fixed: null, ...plain };
}

/** An empty form of a sort. */
export function newForm(sort: Sort): Form {
  const legs = [newLeg(sort === 'movement' ? 'line' : 'point')];
  return { sort, kind: '', name: '', placed: true, valid_until: '', ground_hazard: 'possible', hazard: [], parties: [], air: noAir(), road: noRoad(), legs, rest: {} };
}

/** The form that a notice would have been typed into; its places stay exactly as they are until they are typed anew. */
export function formOf(content: Content): Form {
  const form = newForm(content.notice === 'stop' ? 'site' : content.notice);
  form.rest = Object.fromEntries(Object.entries(content).filter(([name]) => !ASKED.includes(name)));
  form.kind = content.kind;
  form.name = content.name;
  if (content.notice === 'site') form.placed = content.placed;
  if ('valid_until_us' in content) form.valid_until = moment(content.valid_until_us);
  if (content.notice === 'activity') Object.assign(form, { ground_hazard: content.ground_hazard, hazard: content.hazard });
  if (content.notice === 'activity' || content.notice === 'movement') form.air = airFields(content.air);
  if (content.notice === 'movement') form.road = roadFields(content.road);
  if (content.notice === 'area') form.parties = content.parties;
  form.legs = volumesOf(content).map(({ footprint, band, window }) => ({
    ...newLeg(footprint.shape),
    fixed: { rings: footprint.rings, edges: footprint.edges, uncertainty_mm: footprint.uncertainty_mm },
    radius_m: String(footprint.radius_mm / 1000),
    ...(band.lower ? { lower: value(band.lower), lower_datum: band.lower.datum } : {}),
    ...(band.upper ? { upper: value(band.upper), upper_datum: band.upper.datum } : {}),
    start: moment(window.start_us),
    end: moment(window.end_us),
  }));
  return form;
}

/** Everything that is missing or cannot be read. */
export function lacks(form: Form): Lack[] {
  const found: Lack[] = [];
  if (!form.kind) found.push({ key: 'lack.kind', leg: 0 });
  if (channels(form.air.frequencies) === null) found.push({ key: 'lack.frequencies', leg: 0 });
  if (form.road.vehicles.trim() && !/^[1-9]\d{0,2}$/.test(form.road.vehicles.trim())) found.push({ key: 'lack.vehicles', leg: 0 });
  if (form.valid_until && microseconds(form.valid_until) === null) found.push({ key: 'lack.valid_until', leg: 0 });
  form.legs.forEach((leg, i) => {
    const lack = (key: Lack['key']) => found.push({ key, leg: i + 1 });
    if (!leg.fixed && (leg.places.length < FEWEST[leg.shape] || leg.places.some((place) => !place.read))) lack('lack.place');
    if (!leg.fixed && leg.shape === 'point' && leg.places.length > 1) lack('lack.one_place');
    if (number(leg.radius_m) === null || Number(leg.radius_m) < 0) lack('lack.radius');
    if ((leg.lower && number(leg.lower) === null) || (leg.upper && number(leg.upper) === null)) lack('lack.band');
    const [start, end] = [microseconds(leg.start), microseconds(leg.end)];
    if ((leg.start && start === null) || (leg.end && end === null)) lack('lack.window');
    if ((form.sort === 'movement' || form.sort === 'activity') && (start === null || end === null)) lack('lack.window');
    if (start !== null && end !== null && end < start) lack('lack.order');
  });
  return found;
}

/** The notice of a form that lacks nothing; `lines`: how many its contact plan has, where one was typed. */
export function contentOf(form: Form, lines: number | null = null): Content {
  const { kind, name, rest } = form;
  const air = airCard(form.air);
  const road = roadCard(form.road);
  const volumes = form.legs.map(volumeOf);
  if (form.sort === 'movement') return { ...movementRest(rest as Partial<Movement>, lines), notice: 'movement', kind, name, legs: volumes, ...(air && { air }), ...(road && { road }) };
  if (form.sort === 'activity') return { ...(rest as Partial<Activity>), notice: 'activity', kind, name, volumes, ground_hazard: form.ground_hazard, hazard: form.hazard, ...(air && { air }) };
  const valid_until_us = microseconds(form.valid_until);
  if (form.sort === 'area') return { ...(rest as Partial<Area>), notice: 'area', kind, name, volumes, parties: form.parties, valid_until_us };
  return { ...(rest as Partial<Site>), notice: 'site', kind, name, volumes, placed: form.placed, valid_until_us };
}

function movementRest({ lines: said, ...rest }: Partial<Movement>, typed: number | null): Partial<Movement> {
  const lines = typed ?? said ?? 0;
  return lines ? { ...rest, lines } : rest;
}

/** The rings of a leg as far as they are read. */
export function ringsOf(leg: Leg): Position[][] {
  if (leg.fixed) return leg.fixed.rings;
  const read = leg.places.flatMap(({ read }) => (read ? [[read.lon_e7, read.lat_e7] as const] : []));
  return read.length ? [read] : [];
}

/** A time in UTC to µs since 1970, as `2027-01-17 08:30Z`; null where it is none. */
export function microseconds(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?Z$/.test(text.trim())) return null;
  const at_ms = Date.parse(text.trim().replace(' ', 'T'));
  return Number.isNaN(at_ms) ? null : at_ms * 1000;
}

/** A pasted GeoJSON text as forms, read by the centre as an import would read it; what it leaves unsaid stays as it was. */
export async function pastedForms(text: string, kept: Form): Promise<Form[]> {
  const given = JSON.parse(text) as { type: string; features?: Loose[] };
  const file = given.type === 'FeatureCollection' ? given : { type: 'FeatureCollection', features: [asFeature(given as Loose)] };
  for (const one of file.features ?? []) one.properties = { kind: kept.kind, name: kept.name, ...one.properties };
  const read = await session.submit<{ rows: { content: Content }[]; bad: { reason: string }[] }>('/v1/features', {
    body: JSON.stringify(file),
  });
  const first = read.bad[0];
  if (first) throw new Problem(422, first.reason);
  return read.rows.map(({ content }) => {
    const form = formOf(content);
    form.legs.forEach((leg, i) => {
      const before = kept.legs[i] ?? kept.legs[0];
      if (!before) return;
      if (!leg.start && !leg.end) Object.assign(leg, { start: before.start, end: before.end });
      if (!leg.lower && !leg.upper) {
        const { lower, lower_datum, upper, upper_datum } = before;
        Object.assign(leg, { lower, lower_datum, upper, upper_datum });
      }
    });
    return form;
  });
}

interface Loose { type: string; properties?: Record<string, unknown> | null }

function asFeature(given: Loose): Loose {
  return given.type === 'Feature' ? given : ({ type: 'Feature', properties: {}, geometry: given } as Loose);
}

function volumeOf(leg: Leg): Volume {
  const read = leg.places.map(({ read }) => read?.uncertainty_mm ?? 0);
  const footprint: Footprint = {
    shape: leg.shape,
    rings: ringsOf(leg),
    edges: leg.fixed?.edges ?? 'geodesic',
    radius_mm: Math.ceil(Number(leg.radius_m) * 1000),
    uncertainty_mm: leg.fixed?.uncertainty_mm ?? Math.max(0, ...read),
  };
  return {
    footprint,
    band: { lower: level(leg.lower, leg.lower_datum, Math.floor), upper: level(leg.upper, leg.upper_datum, Math.ceil) },
    window: { start_us: microseconds(leg.start), end_us: microseconds(leg.end) },
  };
}

function level(text: string, datum: Datum, round: (value: number) => number): Level | null {
  const read = number(text);
  return read === null ? null : { value_mm: round(read * (datum === 'FL' ? FL_MM : 1000)), datum };
}

function value({ value_mm, datum }: Level): string {
  return String(value_mm / (datum === 'FL' ? FL_MM : 1000));
}

function number(text: string): number | null {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}

function moment(at_us: number | null): string {
  return at_us === null ? '' : `${new Date(at_us / 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
