// SPDX-License-Identifier: Apache-2.0
// What a post can do to a notice, as commands that are not signed yet.
import { type Details, type Draft, draft, draftNotice } from './commands';
import { Problem } from './http';
import { commitmentOf } from './proof';
import { seated, session } from './session.svelte';
import type { Activity, Agreement, Alternative, AnswerKind, EntryAnswer, Filled, NoticeItem, Position, Relayed } from './wire';

/** What an answer names: the notice, the entry in which it is shown to an actor as it stands, and what this post was shown there. */
export async function asShown(item: NoticeItem, to = seated().actor): Promise<{ notice: string; entry: number; shown: string }> {
  const told = item.told.find((one) => one.to.includes(to));
  if (!told) throw new Problem(404, `${item.id} is not shown to ${to}`);
  const { item: view } = await session.read<EntryAnswer>(`/v1/entries/${told.entry}`);
  return { notice: item.id, entry: told.entry, shown: await commitmentOf(view) };
}

/** Answer a notice as it is shown to this post now; it counts for that version alone. */
export async function answer(item: NoticeItem, kind: AnswerKind, reason: string, alternatives: readonly Alternative[] = []): Promise<Draft> {
  const post = seated();
  return draft(post, 'answer', {
    ...(await asShown(item)),
    party: post.actor,
    echelon: session.echelon,
    answer: kind,
    reason,
    alternatives: alternatives.map((one) => ({ ...one })),
    relayed: null,
  });
}

/** A party's word on a flight that asks for its agreement; it changes nothing about what is spared. */
export async function agreement(
  item: NoticeItem, said: Agreement['agreement'], reason: string, offers: readonly Alternative[] = [], until_us: number | null = null,
): Promise<Draft> {
  const alternatives = offers.map((one) => ({ ...one }));
  return draft(seated(), 'agreement', { ...(await asShown(item)), agreement: said, reason, alternatives, until_us });
}

/** The author: this site is still there. Its validity is renewed by what the terms say. */
export const attest = (site: string): Draft =>
  draft(seated(), 'attest', { attests: site, as_of_us: Date.now() * 1000, valid_until_us: null });

/** The same activity, moved as an alternative says, to the same recipients and with the same names beside it. */
export async function adopt(item: NoticeItem, offer: Alternative): Promise<Draft> {
  return draftNotice(seated(), moved(item.content as Activity, offer), item.release, await detailsOf(item.id), item.id);
}

/** An activity so much later and higher. */
export function moved(activity: Activity, offer: Alternative): Activity {
  const later = (at_us: number | null) => (at_us === null ? null : at_us + offer.shift_us);
  const volumes = activity.volumes.map(({ footprint, band, window }) => ({
    footprint,
    band: {
      lower: band.lower && { ...band.lower, value_mm: band.lower.value_mm + offer.raise_mm },
      upper: band.upper && { ...band.upper, value_mm: band.upper.value_mm + offer.raise_mm },
    },
    window: { start_us: later(window.start_us), end_us: later(window.end_us) },
  }));
  return { ...activity, volumes };
}

/** What was sent beside one's own notice, to be sent again with its next version. */
export async function detailsOf(notice: string): Promise<Details> {
  const said = await session.read<{ body: string | null }>(`/v1/notices/${notice}/details`);
  return said.body ? (JSON.parse(said.body) as Details) : { to: [], about: {} };
}

export const withdraw = (notice: string): Draft => draft(seated(), 'withdraw', { withdraws: notice });
export const reconsider = (activity: string): Draft => draft(seated(), 'reconsider', { activity });
export const report = (movement: string, said: string): Draft => draft(seated(), 'report', { movement, report: said });
export const assentArea = (area: string): Draft => draft(seated(), 'assent_area', { area });
export const assentTerms = (): Draft => draft(seated(), 'assent', { terms: session.termsHash });
export const assentTo = (terms: string): Draft => draft(seated(), 'assent', { terms });
export const position = (stance: string, text: string): Draft => draft(seated(), 'position', { terms: session.termsHash, stance, text });
export const recall = (activity: string, step: 'heard' | 'clear'): Draft =>
  draft(seated(), 'recall', { activity, echelon: session.echelon, step });
export const stop = (place: Position, radius_mm: number, reason: string, drill: string): Draft =>
  draft(seated(), 'stop', { place, radius_mm, reason, drill });
export const readBack = (notice: string, place: Position, radius_mm: number): Draft => {
  const post = seated();
  return draft(post, 'read_back', { stop: notice, party: post.actor, echelon: session.echelon, place, radius_mm, relayed: null });
};
/** What the desk heard of a party by telephone, of a stop. */
export const relayReadBack = (
  notice: string, party: string, echelon: string, place: Position, radius_mm: number, relayed: Relayed,
): Draft => draft(seated(), 'read_back', { stop: notice, party, echelon, place, radius_mm, relayed: { ...relayed } });
/** A message on the hotline: to named actors, about a notice, or in answer to another. */
export const say = (said: Partial<Said>): Draft =>
  draft(seated(), 'say', {
    ...{ notice: '', to: [], answers: 0, urgent: false, phrase: '', text: '', language: '' },
    ...said,
    filled: { place: null, at_us: null, count: null, line: '', ...said.filled } as never,
  });
export const check = (activity: Activity): Draft => draft(seated(), 'check', { activity: activity as never });

interface Said {
  notice: string; to: string[]; answers: number; urgent: boolean; phrase: string; text: string; language: string; filled: Filled;
}
