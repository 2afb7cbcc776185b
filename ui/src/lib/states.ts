// SPDX-License-Identifier: Apache-2.0
// How far from plain a notice is, and the sign that says so beside the colour.
import type { MapItem } from './wire';

export type State = 'plain' | 'conflict' | 'doubt' | 'stop' | 'quiet';
export const SIGNS: Record<State, string> = { plain: '', conflict: '■', doubt: '▲', stop: '⬣', quiet: '' };

/** What state a notice is drawn in. */
export function stateOf(item: MapItem): State {
  if (item.status === 'withdrawn' || item.status === 'closed') return 'quiet';
  if (item.notice === 'stop') return 'stop';
  if (item.status === 'recalled' || item.verdict === 'conflict') return 'conflict';
  if (item.verdict === 'not_assessed') return 'doubt';
  return ['expired', 'overdue'].includes(item.status) ? 'doubt' : 'plain';
}
