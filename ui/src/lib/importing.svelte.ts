// SPDX-License-Identifier: Apache-2.0
// A file on its way in: read by the centre row by row, looked at, then given as notices one by one. A row that cannot
// be read keeps no other from being given, and what became of each stands beside it.
import { draftNotice, signed, type Draft } from './commands';
import { alike, type Alike } from './duplicates';
import { Problem } from './http';
import { outbox, type Sent } from './outbox.svelte';
import { session } from './session.svelte';
import { volumesOf } from './volumes';
import type { Content, MapItem, Release } from './wire';

export interface Row { numbers: number[]; id: string; content: Content; confidential: Record<string, string> }
export interface BadRow { number: number | null; id: string | null; reason: string }
interface FeaturesAnswer { rows: Row[]; bad: BadRow[]; warnings: string[] }
/** So many bytes of a file; the command line takes more. */
export const MOST_BYTES = 4_000_000;

export class Importing {
  rows = $state.raw<Row[]>([]);
  bad = $state.raw<BadRow[]>([]);
  warnings = $state.raw<string[]>([]);
  /** Rows that are to be given, by their place in `rows`. */
  taken = $state<boolean[]>([]);
  /** What became of each row: the id of its command, once it is signed. */
  sent = $state<string[]>([]);
  /** What may be the same as each row, once it was looked for. */
  alike = $state<Record<number, Alike[]>>({});
  done = $state(0);
  busy = $state(false);

  readonly left = $derived(this.rows.map((_, i) => i).filter((i) => this.taken[i] && !this.isGiven(i)));

  /** Read a file; nothing is recorded. */
  async read(text: string): Promise<void> {
    if (text.length > MOST_BYTES) throw new Problem(413, `${text.length} > ${MOST_BYTES}`);
    const answer = await session.submit<FeaturesAnswer>('/v1/features', { body: text });
    this.rows = answer.rows;
    this.bad = answer.bad;
    this.warnings = answer.warnings;
    this.taken = answer.rows.map(() => true);
    this.sent = answer.rows.map(() => '');
    this.alike = {};
    this.done = 0;
  }

  /** Look for sites that may be the same as those that are to be given; such a row is taken only by hand. */
  async compare(): Promise<void> {
    this.busy = true;
    try {
      for (const i of this.left) {
        const row = this.rows[i];
        if (!row || this.alike[i]) continue;
        const found = await alike(row.content);
        this.alike[i] = found;
        if (found.length) this.taken[i] = false;
      }
    } finally {
      this.busy = false;
    }
  }

  what(i: number): Sent | undefined {
    return this.sent[i] ? outbox.answered.get(this.sent[i]) : undefined;
  }

  isGiven(i: number): boolean {
    const what = this.what(i);
    return what?.state === 'recorded' || what?.state === 'waiting';
  }

  /** What one row would be signed as. */
  draft(i: number, release: readonly Release[]): Promise<Draft> {
    const post = session.post;
    const row = this.rows[i];
    if (!post || !row) throw new Error('nothing to be signed');
    const readers = release.filter(({ level }) => level === 'full').map((one) => one.to);
    const about = row.confidential;
    return draftNotice(post, row.content, release, { to: Object.keys(about).length ? readers : [], about });
  }

  /** Sign and send every row that is taken and not given yet, one after the other. */
  async give(release: readonly Release[]): Promise<void> {
    this.busy = true;
    try {
      for (const i of this.left) {
        const post = session.post;
        if (!post) return;
        const one = await signed(post, await this.draft(i, release));
        this.sent[i] = one.id;
        await outbox.submit(one);
        this.done += 1;
      }
    } finally {
      this.busy = false;
    }
  }

  /** The rows as the map draws them. */
  drawn(): MapItem[] {
    return this.rows.map(({ id, numbers, content }, i) => ({
      id: id || `#${numbers[0]}`,
      notice: content.notice === 'area' ? 'truce_area' : content.notice,
      kind: content.kind,
      name: content.name,
      author: '',
      status: 'current',
      verdict: this.taken[i] ? null : 'not_assessed',
      cover: false,
      volumes: [...volumesOf(content)],
    }));
  }
}
