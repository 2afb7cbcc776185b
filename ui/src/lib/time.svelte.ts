// SPDX-License-Identifier: Apache-2.0
// Times as people read them: UTC always, local time beside it, and how long ago or ahead.
import { t, texts } from './texts.svelte';

class Clock {
  /** ms since 1970 by this machine, by the second. */
  now_ms = $state(Date.now());

  constructor() {
    setInterval(() => (this.now_ms = Date.now()), 1_000);
  }
}

export const clock = new Clock();

/** Date and time in UTC to the minute, as `2027-01-17 08:30Z`. */
export function utc(at_us: number): string {
  return `${iso(at_us).slice(0, 16).replace('T', ' ')}Z`;
}

/** Time of day in UTC, as `08:30:05Z`. */
export function utcSeconds(at_ms: number): string {
  return `${new Date(at_ms).toISOString().slice(11, 19)}Z`;
}

/** Local date and time with the name of the zone. */
export function local(at_us: number): string {
  return new Intl.DateTimeFormat(texts.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at_us / 1000);
}

/** Local time of day with the name of the zone. */
export function localSeconds(at_ms: number): string {
  return new Intl.DateTimeFormat(texts.locale, { timeStyle: 'long' }).format(at_ms);
}

/** How long it is, in the two largest units: `3 h 05 min`. */
export function span(length_ms: number): string {
  const seconds = Math.floor(Math.abs(length_ms) / 1_000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60];
  if (days) return t('span.days', { d: days, h: hours });
  if (hours) return t('span.hours', { h: hours, m: String(minutes).padStart(2, '0') });
  if (minutes) return t('span.minutes', { m: minutes, s: String(seconds % 60).padStart(2, '0') });
  return t('span.seconds', { s: seconds });
}

/** How long until a moment, or since. */
export function until(at_us: number, now_ms: number): string {
  const left = at_us / 1000 - now_ms;
  return t(left >= 0 ? 'span.left' : 'span.over', { span: span(left) });
}

function iso(at_us: number): string {
  return new Date(at_us / 1000).toISOString();
}
