// SPDX-License-Identifier: Apache-2.0
// Typed places, read by the centre's strict parser and said back in three notations; nothing is guessed here.
import { session } from './session.svelte';
import type { Coordinates, Position } from './wire';

export type Order = '' | 'lat-lon' | 'lon-lat';

/** What a text was understood as; a `Problem` whose detail names each reading where it could mean several. */
export function readPlace(text: string, order: Order = ''): Promise<Coordinates> {
  const query = new URLSearchParams({ text, ...(order ? { order } : {}) });
  return session.read<Coordinates>(`/v1/coordinates?${query}`);
}

/** A position as it is written into a field: so that the parser reads exactly this place. */
export function written([lon, lat]: Position): string {
  const one = (value: number, plus: string, minus: string) => `${(Math.abs(value) / 1e7).toFixed(7)} ${value < 0 ? minus : plus}`;
  return `${one(lat, 'N', 'S')} ${one(lon, 'E', 'W')}`;
}
