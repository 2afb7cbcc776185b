// SPDX-License-Identifier: Apache-2.0
// Cards of flights and convoys as they are typed. What is left empty is left out of the bytes; the centre says what cannot
// be called, tuned or looked up.
import type { AirCard, RoadCard, Stated } from './wire';

/** A channel as it is spoken: 121.500. */
export function megahertz(khz: number): string {
  return `${Math.floor(khz / 1000)}.${String(khz % 1000).padStart(3, '0')}`;
}

export interface AirFields { callsign: string; mode_s: string; frequencies: string; lost_link: string; notam: string; qnh_source: string; standby: string }
export interface RoadFields { armed_escort: Stated | ''; night_marking: Stated | ''; vehicles: string }

export const noAir = (): AirFields => ({ callsign: '', mode_s: '', frequencies: '', lost_link: '', notam: '', qnh_source: '', standby: '' });
export const noRoad = (): RoadFields => ({ armed_escort: '', night_marking: '', vehicles: '' });

/** The fields into which a card would have been typed. */
export function airFields(card: AirCard | undefined): AirFields {
  const { frequencies_khz = [], ...said } = card ?? {};
  return { ...noAir(), ...said, frequencies: frequencies_khz.map(megahertz).join(' ') };
}

export function roadFields(card: RoadCard | undefined): RoadFields {
  return { armed_escort: card?.armed_escort ?? '', night_marking: card?.night_marking ?? '', vehicles: card?.vehicles ? String(card.vehicles) : '' };
}

/** Channels typed in MHz, in kHz; null where one is none. */
export function channels(text: string): number[] | null {
  const typed = text.split(/[\s,;]+/).filter(Boolean).map((one) => /^(\d{3})(?:\.(\d{1,3}))?$/.exec(one));
  if (typed.includes(null)) return null;
  return typed.map((one) => Number(one?.[1]) * 1000 + Number((one?.[2] ?? '').padEnd(3, '0')));
}

/** An air card of what was typed; none where nothing was. */
export function airCard(fields: AirFields): AirCard | undefined {
  const { frequencies, ...texts } = fields;
  const said = Object.fromEntries(Object.entries(texts).flatMap(([name, text]) => (text.trim() ? [[name, spelled(name, text.trim())]] : [])));
  const frequencies_khz = channels(frequencies) ?? [];
  const card = { ...said, ...(frequencies_khz.length ? { frequencies_khz } : {}) };
  return Object.keys(card).length ? card : undefined;
}

export function roadCard({ armed_escort, night_marking, vehicles }: RoadFields): RoadCard | undefined {
  const card = {
    ...(armed_escort ? { armed_escort } : {}),
    ...(night_marking ? { night_marking } : {}),
    ...(vehicles.trim() ? { vehicles: Number(vehicles) } : {}),
  };
  return Object.keys(card).length ? card : undefined;
}

/** Call signs, addresses and NOTAM numbers are written in capitals. */
function spelled(name: string, text: string): string {
  return ['callsign', 'mode_s', 'notam'].includes(name) ? text.toUpperCase() : text;
}
