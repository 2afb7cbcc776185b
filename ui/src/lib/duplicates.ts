// SPDX-License-Identifier: Apache-2.0
// Sites that may be the same as one that is about to be given, among what this post was shown: the centre's own answer.
import { session } from './session.svelte';
import type { Content } from './wire';

/** One of them. `possible`: name and place, or kind and place, speak for it; otherwise it only lies near. */
export interface Alike { notice: string; names: string[]; possible: boolean; words: string }

/** What may be the same as this; nothing but a site is compared. `but`: the notice that it amends. */
export async function alike(content: Content, but = ''): Promise<Alike[]> {
  if (content.notice !== 'site') return [];
  const body = JSON.stringify({ site: content, ...(but ? { but } : {}) });
  const answer = await session.submit<{ items: Alike[] }>('/v1/duplicates', { body });
  return answer.items.filter((one) => one.possible);
}
