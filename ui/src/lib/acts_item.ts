// SPDX-License-Identifier: Apache-2.0
// What is said of one notice beside it: how it came off, that a line was called, how well it is known, that it is doubted,
// what somebody said by telephone, and the second of two signatures.
import { asShown } from './acts';
import { type Draft, draft } from './commands';
import { seated } from './session.svelte';
import type { AnswerKind, ChallengeReason, NoticeItem, Outcome, Pending, Relayed, Verification } from './wire';

export const outcome = (movement: string, said: Outcome, of: string, leg: number, reason: string): Draft =>
  draft(seated(), 'outcome', { movement, outcome: said, of, leg, reason });
export const callLine = (notice: string, line: number, reached: boolean, called_us: number): Draft =>
  draft(seated(), 'call_line', { notice, line, reached, called_us });
export const vouch = (verifies: string, level: Verification, method: string, by: string, on_us: number): Draft =>
  draft(seated(), 'verify', { verifies, level, method, by, on_us });
export const challenge = (challenges: string, reason: ChallengeReason, text: string, warning: string): Draft =>
  draft(seated(), 'challenge', { challenges, reason, text, warning });
export const answerChallenge = (notice: string, entry: number, text: string): Draft =>
  draft(seated(), 'answer_challenge', { notice, entry, text });
export const countersign = (notice: string, { what, entry }: Pending, agree: boolean): Draft =>
  draft(seated(), 'countersign', { notice, what, entry, agree });

export const afterReport = (notice: string, text: string): Draft => draft(seated(), 'after_report', { notice, text });
export const deleted = (notice: string): Draft => draft(seated(), 'deletion', { deletes: notice });

/** What the desk heard of a party by telephone, to the notice as it is shown to that party. */
export async function relay(
  item: NoticeItem, party: string, echelon: string, said: AnswerKind, reason: string, relayed: Relayed,
): Promise<Draft> {
  const shown = await asShown(item, party);
  return draft(seated(), 'answer', { ...shown, party, echelon, answer: said, reason, alternatives: [], relayed: { ...relayed } });
}
