// SPDX-License-Identifier: Apache-2.0
// What is open, in a sentence of the page's language, made from the same facts as the centre's own sentence.
import { record } from './record.svelte';
import { session } from './session.svelte';
import { texts, tOf } from './texts.svelte';
import type { NoticeItem, OpenItem } from './wire';

/** Name of a kind as the terms have it. */
export function kindName(kind: string): string {
  return session.terms?.kinds.find((one) => one.id === kind)?.name ?? tOf('kind', kind);
}

/** Names, one after another. */
export function listed(ids: readonly string[]): string {
  return joined(ids.map((id) => session.nameOf(id)));
}

/** Words, one after another, as the language puts them. */
export function joined(words: readonly string[]): string {
  return new Intl.ListFormat(texts.locale, { type: 'conjunction' }).format(words);
}

/** What harm is said to have come. */
export function harmOf(harm: readonly string[]): string {
  return joined(harm.map((one) => tOf('harm', one)));
}

/** What waits: an answer to a stop is a read-back, one to a recall the word that it was heard. */
export function whatOf(one: OpenItem): string {
  const item = record.items.get(one.notice);
  if (one.what !== 'answer' || !item) return one.what;
  if (item.notice === 'stop') return 'stop';
  return item.status === 'recalled' ? 'recall' : 'answer';
}

/** The same in a sentence; the centre's own where this page has none for it. */
export function sentenceOf(one: OpenItem): string {
  const item = record.items.get(one.notice);
  const name = item?.content.name ? `, ${item.content.name}` : '';
  const called = item ? `${kindName(item.content.kind)}${name}` : one.notice;
  const what = whatOf(one);
  if (!SAID.includes(what)) return one.words;
  return tOf('wait', what, { called, who: listed(one.waits_on), echelon: one.echelon, what: what === 'finding' ? (/^I\d+/.exec(one.words)?.[0] ?? '') : against(item) });
}

/** What blocks an activity: other notices, and rules where no notice is concerned. */
function against(item: NoticeItem | undefined): string {
  const findings = item?.judged?.judgement.findings.filter((finding) => finding.blocks) ?? [];
  return [...new Set(findings.map((finding) => finding.other || finding.rule))].join(', ');
}

const SAID = ['attestation', 'agreement', 'answer', 'blocked', 'airborne', 'overdue', 'expired', 'area', 'terms', 'stop', 'recall', 'finding', 'unmanned', 'handover', 'challenge', 'keys'];
