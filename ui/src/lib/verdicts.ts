// SPDX-License-Identifier: Apache-2.0
// What a verdict is called, and its sign: word, shape, line and colour, never one of them alone.
import { stream } from './stream.svelte';
import { t, tOf } from './texts.svelte';
import type { Verdict } from './wire';

export const SHAPES: Record<Verdict, string> = { conflict: '■', not_assessed: '▲', no_conflict_found: '○' };

/** The verdict's word; without a live link it says that it is not current. */
export function verdictWord(verdict: Verdict): string {
  const word = tOf('verdict', verdict);
  return stream.live ? word : `${word} · ${t('verdict.not_current')}`;
}
