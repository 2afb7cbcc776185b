// SPDX-License-Identifier: Apache-2.0
// Volumes in words: where, how high, when. Coordinates in the notation that everybody reads: degrees with a letter.
import { t } from './texts.svelte';
import type { Band, Content, Level, Position, Volume, Window } from './wire';

/** The volumes of any content. */
export function volumesOf(content: Content): readonly Volume[] {
  return content.notice === 'movement' ? content.legs : content.volumes;
}

/** From the earliest start to the latest end; null where one is open. */
export function windowOf(volumes: readonly Volume[]): Window {
  const windows = volumes.map((volume) => volume.window);
  const starts = windows.map((window) => window.start_us);
  const ends = windows.map((window) => window.end_us);
  return {
    start_us: starts.includes(null) ? null : Math.min(...(starts as number[])),
    end_us: ends.includes(null) ? null : Math.max(...(ends as number[])),
  };
}

/** The first vertex, as `3.01605°N 30.47702°E`. */
export function placeOf(volumes: readonly Volume[]): string {
  const first = volumes[0]?.footprint.rings[0]?.[0];
  return first ? degrees(first) : '';
}

/** A position in decimal degrees with letters, latitude first, five decimals (about a metre). */
export function degrees([lon, lat]: Position): string {
  const one = (value: number, plus: string, minus: string) => `${(Math.abs(value) / 1e7).toFixed(5)}°${value < 0 ? minus : plus}`;
  return `${one(lat, 'N', 'S')} ${one(lon, 'E', 'W')}`;
}

/** A band of heights. */
export function bandOf(band: Band): string {
  return `${band.lower ? level(band.lower) : t('band.ground')} – ${band.upper ? level(band.upper) : t('band.unlimited')}`;
}

function level({ value_mm, datum }: Level): string {
  if (datum === 'FL') return `FL ${Math.round(value_mm / 30_480)}`;
  return `${value_mm / 1000} m ${datum}`;
}
