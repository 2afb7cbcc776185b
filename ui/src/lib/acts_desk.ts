// SPDX-License-Identifier: Apache-2.0
// What a post signs for its own desk: the roster, the watch taken, handed over and accepted.
import { type Draft, draft } from './commands';
import { seated } from './session.svelte';
import type { Shift } from './wire_desk';

export const takeWatch = (): Draft => draft(seated(), 'take_watch', {});
export const handOver = (note: string): Draft => draft(seated(), 'hand_over', { note });
export const acceptWatch = (handover: number): Draft => draft(seated(), 'accept_watch', { handover });
/** The whole roster, in place of the one before. */
export const roster = (shifts: readonly Shift[]): Draft =>
  draft(seated(), 'roster', { shifts: shifts.map(({ post, from_us, until_us }) => ({ post, from_us, until_us })) });
