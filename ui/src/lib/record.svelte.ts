// SPDX-License-Identifier: Apache-2.0
// What this post knows, read from the centre and kept up with the stream: each view says which notices it speaks of,
// and those are read anew. Nothing is decided here.
import { SvelteMap } from 'svelte/reactivity';
import { Problem } from './http';
import { session } from './session.svelte';
import { stream } from './stream.svelte';
import type { Envelope, NoticeAnswer, NoticeItem, NoticePage, OpenItem, ViewItem, WatchAnswer } from './wire';

const GATHER_MS = 200;
const PAGE = 1_000;
/** As many notices as one view of the map draws. */
export const MOST_DRAWN = 5_000;

class Record_ {
  /** Notices that were read, by id. */
  items = new SvelteMap<string, NoticeItem>();
  /** What is open, what is due first, first. */
  open = $state.raw<OpenItem[]>([]);
  more = $state(0);
  said = $state.raw<Envelope | null>(null);
  /** When the newest answer was read, ms by this machine. */
  read_ms = $state(0);
  /** Whether more notices lie in the view than are drawn. */
  capped = $state(false);
  #touched = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Read what is open and every activity, then follow the stream. */
  async begin(): Promise<void> {
    this.items.clear();
    const first = await this.#watch();
    stream.follow(first.as_of.size - 1, (view) => this.#heard(view));
    await this.#pages('/v1/activities', '');
    await Promise.all([...new Set(this.open.map((one) => one.notice))].map((id) => this.load(id)));
  }

  /** Read the notices that reach into a box, degrees. */
  async loadBox(west: number, south: number, east: number, north: number): Promise<void> {
    const box = [west, south, east, north].map((degrees) => degrees.toFixed(4)).join(',');
    this.capped = await this.#pages('/v1/notices', `box=${box}&`);
  }

  /** Read one notice, if it is not here. */
  async load(id: string): Promise<NoticeItem | null> {
    return this.items.get(id) ?? (id ? this.#one(id) : null);
  }

  async #one(id: string): Promise<NoticeItem | null> {
    try {
      const answer = await session.read<NoticeAnswer>(`/v1/notices/${id}`);
      this.#keep(answer, [answer.item]);
      return answer.item;
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    }
  }

  async #pages(path: string, query: string): Promise<boolean> {
    let after = '';
    let count = 0;
    for (;;) {
      const page = await session.read<NoticePage>(`${path}?${query}limit=${PAGE}${after && `&after=${after}`}`);
      this.#keep(page, page.items);
      count += page.items.length;
      if (page.next === null) return false;
      if (count >= MOST_DRAWN) return true;
      after = page.next;
    }
  }

  async #watch(): Promise<WatchAnswer> {
    const answer = await session.read<WatchAnswer>('/v1/watch');
    this.#keep(answer, []);
    this.open = answer.items;
    this.more = answer.more;
    return answer;
  }

  #keep(answer: Envelope, items: readonly NoticeItem[]): void {
    for (const item of items) this.items.set(item.id, item);
    if (!this.said || answer.as_of.size >= this.said.as_of.size) this.said = answer;
    this.read_ms = Date.now();
  }

  #heard(view: ViewItem): void {
    for (const event of view.events) {
      for (const name of ['notice', 'activity', 'stop', 'because'] as const) {
        const id = event[name];
        if (typeof id === 'string' && id) this.#touched.add(id);
      }
    }
    this.#timer ??= setTimeout(() => void this.#catchUp(), GATHER_MS);
  }

  async #catchUp(): Promise<void> {
    this.#timer = undefined;
    const touched = [...this.#touched];
    this.#touched.clear();
    try {
      await this.#watch();
      for (const id of touched) await this.#one(id);
    } catch {
      // Tried again with whatever comes next; meanwhile the stream itself says that it is lost.
      for (const id of touched) this.#touched.add(id);
      this.#timer ??= setTimeout(() => void this.#catchUp(), 10 * GATHER_MS);
    }
  }
}

export const record = new Record_();
