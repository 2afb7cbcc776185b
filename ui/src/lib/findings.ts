// SPDX-License-Identifier: Apache-2.0
// A finding in a sentence of the page's language, from the same facts as the centre's own.
import { record } from './record.svelte';
import { listed } from './sentences';
import { session } from './session.svelte';
import { t, texts, tOf } from './texts.svelte';
import { span } from './time.svelte';
import type { Alternative, Bracket, Finding } from './wire';

/** Number and, where it was released, name of a notice. */
export function named(id: string): string {
  const name = record.items.get(id)?.content.name ?? record.drawn.get(id)?.name;
  return name ? `${id} (${name})` : id;
}

/** Why a finding stands. */
export function why(finding: Finding): string {
  const places = { other: finding.other ? named(finding.other) : '', rule: finding.rule, who: listed(finding.waits_on) };
  const said = tOf('why', finding.why, places);
  return finding.own === 'cover' || finding.theirs === 'cover' ? `${said} ${t('why.cover')}` : said;
}

/** What a rule asks for; null where it has no minima. */
export function minimaOf(rule: string): { horizontal_mm: number; vertical_mm: number; time_us: number } | null {
  return session.terms?.rules.find((one) => one.id === rule)?.minima ?? null;
}

/** How an alternative differs. */
export function offered({ shift_us, raise_mm }: Alternative): string {
  const parts = [];
  if (shift_us) parts.push(t(shift_us > 0 ? 'offer.later' : 'offer.earlier', { span: span(shift_us / 1000) }));
  if (raise_mm) parts.push(t(raise_mm > 0 ? 'offer.higher' : 'offer.lower', { metres: metres(Math.abs(raise_mm)) }));
  return parts.join(', ');
}

/** A length: metres, kilometres from ten kilometres on. */
export function metres(length_mm: number): string {
  if (Math.abs(length_mm) >= 10_000_000) return texts.unit(length_mm / 1_000_000, 'kilometer', 1);
  return texts.unit(length_mm / 1000, 'meter', length_mm < 10_000 ? 3 : 0);
}

/** Both ends of a bracket, or the one where they are written alike; a missing upper end is unbounded. */
export function endsOf(bracket: Bracket, write: (value: number) => string): string[] {
  const low = write(bracket.lower ?? 0);
  const high = bracket.upper === null ? '∞' : write(bracket.upper);
  return low === high ? [low] : [low, high];
}

/** A span of time of a bracket. */
export function seconds(time_us: number): string {
  return span(time_us / 1000);
}
