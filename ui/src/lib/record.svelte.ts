// SPDX-License-Identifier: Apache-2.0
// What this post knows, read from the centre and kept up with the stream: each view says which notices it speaks of,
// and those are read anew. Nothing is decided here.
import { SvelteMap } from 'svelte/reactivity';
import { volumesOf } from './volumes';
import { Problem } from './http';
import { session } from './session.svelte';
import { stream } from './stream.svelte';
import type {
  Envelope, MapAnswer, MapCell, MapItem, Measured, NoticeAnswer, NoticeItem, OpenItem, ViewItem, WatchAnswer,
} from './wire';

const GATHER_MS = 200;
const FLOOD = 40;
const GONE = ['withdrawn', 'closed', 'ended'];
export type Box = readonly [west: number, south: number, east: number, north: number];

class Known {
  /** Notices that were read whole, by id. */
  items = new SvelteMap<string, NoticeItem>();
  /** Notices that are drawn, by id. */
  drawn = new SvelteMap<string, MapItem>();
  /** Sites that are counted, because too many lie in the view to be drawn one by one. */
  cells = $state.raw<MapCell[]>([]);
  /** How many more than is drawn lie in the view. */
  left_out = $state(0);
  /** Whether what lies in view was read at all since this post sat down. */
  begun = $state(false);
  /** What is open, what is due first, first. */
  open = $state.raw<OpenItem[]>([]);
  more = $state(0);
  /** What the last stop or drill took each echelon that this post is told of. */
  measured = $state.raw<Measured[]>([]);
  said = $state.raw<Envelope | null>(null);
  /** When the newest answer was read, ms by this machine. */
  read_ms = $state(0);
  #box: Box = [-180, -90, 180, 90];
  /** Log size of the newest answer about what is drawn. */
  #looked = 0;
  #touched = new Set<string>();
  #terms = false;
  /** Notices that the stream spoke of, by the entry in which it last did. */
  #spoken = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Read what is open and what lies in view, then follow the stream. */
  async begin(): Promise<void> {
    this.items.clear();
    this.drawn.clear();
    this.#spoken.clear();
    this.#looked = 0;
    this.begun = false;
    const first = await this.#watch();
    stream.follow(first.as_of.size - 1, (view) => this.#heard(view));
    // What lies in view comes first, so that the map begins with all of it.
    await this.look(this.#box);
    await this.#loadOpen();
  }

  /** Read what is drawn in a box. */
  async look(box: Box): Promise<void> {
    this.#box = box;
    const answer = await session.read<MapAnswer>(`/v1/map?box=${box.map((degrees) => degrees.toFixed(4)).join(',')}`);
    if (this.#box !== box || answer.as_of.size < this.#looked) return;
    this.#looked = answer.as_of.size;
    // What the stream spoke of after this answer was made is newer than it.
    for (const [id, seq] of this.#spoken) if (seq < answer.as_of.size) this.#spoken.delete(id);
    const found = new Set([...answer.items.map((item) => item.id), ...this.#spoken.keys()]);
    for (const id of [...this.drawn.keys()]) if (!found.has(id)) this.drawn.delete(id);
    for (const item of answer.items) if (!this.#spoken.has(item.id)) this.drawn.set(item.id, item);
    this.cells = answer.cells;
    this.left_out = answer.more;
    this.begun = true;
    this.#keep(answer);
  }

  /** Read one notice whole, if it is not here; null where it does not exist for this post. */
  async load(id: string): Promise<NoticeItem | null> {
    return this.items.get(id) ?? (id ? this.#one(id, true) : null);
  }

  async #one(id: string, wanted = false): Promise<NoticeItem | null> {
    try {
      const answer = await session.read<NoticeAnswer>(`/v1/notices/${id}`);
      this.#keep(answer);
      if (wanted || this.items.has(id)) this.items.set(id, answer.item);
      if (GONE.includes(answer.item.status) && !answer.item.may_be_airborne) this.drawn.delete(id);
      else if (!this.cells.length || answer.item.notice !== 'site') this.drawn.set(id, drawnOf(answer.item));
      return answer.item;
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    }
  }

  /** What is open is spoken of in sentences, which need the notice. */
  async #loadOpen(): Promise<void> {
    await Promise.all([...new Set(this.open.map((one) => one.notice))].map((id) => this.load(id)));
  }

  async #watch(): Promise<WatchAnswer> {
    const answer = await session.read<WatchAnswer>('/v1/watch');
    this.#keep(answer);
    this.open = answer.items;
    this.more = answer.more;
    this.measured = answer.measured;
    return answer;
  }

  #keep(answer: Envelope): void {
    if (!this.said || answer.as_of.size >= this.said.as_of.size) this.said = answer;
    this.read_ms = Date.now();
  }

  #heard(view: ViewItem): void {
    for (const event of view.events) {
      if (['terms_replaced', 'position_taken', 'terms_assented'].includes(event.event)) this.#terms = true;
      for (const name of ['notice', 'activity', 'stop', 'because'] as const) {
        const id = event[name];
        if (typeof id !== 'string' || !id) continue;
        this.#touched.add(id);
        this.#spoken.set(id, view.seq);
      }
    }
    this.#timer ??= setTimeout(() => void this.#catchUp(), GATHER_MS);
  }

  async #catchUp(): Promise<void> {
    this.#timer = undefined;
    const touched = [...this.#touched];
    this.#touched.clear();
    try {
      if (this.#terms) await session.learnTerms();
      this.#terms = false;
      await this.#watch();
      // A flood of notices is read as one view; those that somebody looked at are read one by one all the same.
      const flood = touched.length > FLOOD;
      if (flood) await this.look(this.#box);
      for (const id of touched) if (!flood || this.items.has(id)) await this.#one(id);
      await this.#loadOpen();
    } catch {
      // Tried again with whatever comes next; meanwhile the stream itself says that it is lost.
      for (const id of touched) this.#touched.add(id);
      this.#timer ??= setTimeout(() => void this.#catchUp(), 10 * GATHER_MS);
    }
  }
}

/** A notice as the map has it. */
export function drawnOf(item: NoticeItem): MapItem {
  const { id, notice, author, status, content } = item;
  const cover = item.release.some((one) => one.to === session.post?.actor && one.level === 'cover');
  const verdict = item.judged?.judgement.verdict ?? null;
  return { id, notice, kind: content.kind, name: content.name, author, status, verdict, cover, volumes: [...volumesOf(content)] };
}

export const record = new Known();
