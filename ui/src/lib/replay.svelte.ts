// SPDX-License-Identifier: Apache-2.0
// What was known at an earlier size of the log, read from the centre as of then. Nothing here is live.
import { session } from './session.svelte';
import type { EntryAnswer, Envelope, LogEvent, NoticeItem } from './wire';
import { Problem } from './http';

interface Page extends Envelope { items: NoticeItem[]; next: string | null }
interface KnownPage extends Envelope { items: { item: NoticeItem }[]; next: string | null }
export interface Asked { at: string; valid: string; to: string }
export interface Known { said: Envelope; items: Map<string, NoticeItem> }
export interface Difference { id: string; what: 'came' | 'gone' | 'changed'; before: NoticeItem | null; after: NoticeItem | null }

const PAGE = 1_000;

/** All that this post knew then, or, of `to`, what that actor had been sent by then. */
export async function knownThen({ at, valid, to }: Asked): Promise<Known> {
  const holding = valid ? `&valid_at=${encodeURIComponent(valid)}` : '';
  const items = new Map<string, NoticeItem>();
  let said: Envelope | undefined;
  if (to) {
    const query = `/v1/known?to=${encodeURIComponent(to)}&at=${encodeURIComponent(at)}`;
    for await (const page of pages<KnownPage>(query)) {
      said ??= page;
      for (const { item } of page.items) items.set(item.id, item);
    }
  } else {
    for (const path of ['/v1/notices', '/v1/activities']) {
      for await (const page of pages<Page>(`${path}?as_known_at=${encodeURIComponent(at)}${holding}&limit=${PAGE}`)) {
        said ??= page;
        for (const item of page.items) items.set(item.id, item);
      }
    }
  }
  return { said: said!, items };
}

/** What happened in one entry, as far as this post was shown it. */
export async function eventsOf(seq: number): Promise<LogEvent[]> {
  try {
    return (await session.read<EntryAnswer>(`/v1/entries/${seq}`)).item.events;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return [];
    throw error;
  }
}

/** What is otherwise in the second than in the first, by rising number. */
export function differences(first: Known, second: Known): Difference[] {
  const ids = [...new Set([...first.items.keys(), ...second.items.keys()])].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  return ids.flatMap((id) => {
    const [before, after] = [first.items.get(id) ?? null, second.items.get(id) ?? null];
    const same = before && after && before.version === after.version && before.status === after.status && before.answers.length === after.answers.length;
    return same ? [] : [{ id, what: before ? (after ? 'changed' : 'gone') : 'came', before, after } as const];
  });
}

async function* pages<T extends { next: string | null }>(query: string): AsyncGenerator<T> {
  let after = '';
  for (;;) {
    const page: T = await session.read<T>(`${query}${after && `&after=${after}`}`);
    yield page;
    if (page.next === null) return;
    after = page.next;
  }
}
