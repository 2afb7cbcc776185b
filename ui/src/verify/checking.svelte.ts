// SPDX-License-Identifier: Apache-2.0
// A check of the log as this page does it: where the bundle comes from, what was seen before, what came of it.
import { all, put } from '../lib/db';
import { send } from '../lib/http';
import { session } from '../lib/session.svelte';
import { type Report, type Seen, verify } from './bundle';
import { Broken, linesOf } from './lines';
import { readHead } from './tree';

interface KeptHead extends Seen { id: string; at_ms: number }

class Checking {
  busy = $state(false);
  entries = $state(0);
  report = $state.raw<Report | null>(null);
  broken = $state.raw<Broken | null>(null);
  fault = $state.raw<unknown>(null);
  /** When this browser last checked this log, and how long it was; null where it never did. */
  before = $state.raw<KeptHead | null>(null);
  /** The head of somebody else's copy, as pasted. */
  pasted = $state.raw<Seen | null>(null);
  took_ms = $state(0);

  /** Take a head that somebody else holds; false where it is no head of this log. */
  paste(note: string): boolean {
    const head = readHead(`${note.trim()}\n`);
    this.pasted = head && head.origin === session.health?.origin ? { size: head.size, root: head.root } : null;
    return this.pasted !== null;
  }

  /** Check all that this post was shown, as the server gives it now. */
  async log(): Promise<void> {
    const origin = session.health?.origin ?? '';
    this.before = (await all<KeptHead>('heads')).find((head) => head.id === origin) ?? null;
    const seen = [this.before, this.pasted].filter((head) => head !== null);
    const report = await this.#check(async () => (await session.within((token) => send('/v1/export', { token }))).body!, seen);
    if (report) await put('heads', { id: origin, size: report.size, root: report.root, at_ms: Date.now() } as KeptHead);
  }

  /** Check a bundle that lies on this machine. */
  async file(file: File): Promise<void> {
    await this.#check(async () => file.stream() as ReadableStream<Uint8Array<ArrayBuffer>>, []);
  }

  async #check(
    source: () => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>, seen: readonly Seen[],
  ): Promise<Report | null> {
    this.busy = true;
    this.entries = 0;
    this.report = this.broken = this.fault = null;
    const begun = performance.now();
    try {
      this.report = await verify(linesOf(await source()), seen, (entries) => (this.entries = entries));
    } catch (error) {
      if (error instanceof Broken) this.broken = error;
      else this.fault = error;
    }
    this.took_ms = performance.now() - begun;
    this.busy = false;
    return this.report;
  }
}

export const checking = new Checking();
