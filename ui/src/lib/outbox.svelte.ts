// SPDX-License-Identifier: Apache-2.0
// What was signed and has no log number yet. It is kept before it is sent, so that a lost reply, a closed tab or a
// dead line loses nothing; it is sent again as the very same bytes, which the centre records once.
import { SvelteMap } from 'svelte/reactivity';
import { all, put, remove } from './db';
import { ask, NoAnswer, Problem } from './http';
import { headersOf, type Signed } from './commands';
import { session } from './session.svelte';
import type { Receipt } from './wire';

export type Sent =
  | { state: 'recorded'; receipt: Receipt }
  | { state: 'waiting'; why: string }
  | { state: 'refused'; problem: Problem };

const AGAIN_MS = 5_000;

class Outbox {
  /** What became of commands that this tab sent, by their ids. */
  answered = new SvelteMap<string, Sent>();
  waiting = $state.raw<Signed[]>([]);
  #flushing = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** Keep a command, then send it. Nothing is sent before it is kept, and nothing forgotten before it is answered. */
  async submit(one: Signed): Promise<Sent> {
    await put('outbox', one);
    await this.look();
    const sent = await this.#send(one);
    await this.look();
    return sent;
  }

  /** What waits for this tab's post. */
  async look(): Promise<void> {
    const kept = await all<Signed>('outbox');
    this.waiting = kept.filter((one) => one.post === session.post?.id).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Send again whatever waits, one after the other; one tab at a time. */
  async flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      await navigator.locks.request('standclear/outbox', { ifAvailable: true }, async (lock) => {
        if (!lock) return;
        await this.look();
        for (const one of this.waiting) {
          if ((await this.#send(one)).state === 'waiting') break;
        }
        await this.look();
      });
    } finally {
      this.#flushing = false;
    }
  }

  async #send(one: Signed): Promise<Sent> {
    const sent = await this.#tried(one);
    this.answered.set(one.id, sent);
    if (sent.state === 'waiting') {
      clearTimeout(this.#again);
      this.#again = setTimeout(() => void this.flush(), AGAIN_MS);
    }
    return sent;
  }

  async #tried(one: Signed): Promise<Sent> {
    try {
      const receipt = await this.#post(one);
      await remove('outbox', one.id);
      return { state: 'recorded', receipt };
    } catch (error) {
      // Sent too often (429) it was not recorded, and is sent again as what found no line is.
      if (error instanceof Problem && error.status !== 429 && error.status < 500) {
        await remove('outbox', one.id);
        return { state: 'refused', problem: error };
      }
      if (error instanceof NoAnswer || error instanceof Problem) return { state: 'waiting', why: error.message };
      throw error;
    }
  }

  async #post(one: Signed): Promise<Receipt> {
    const path = one.command === 'check' ? '/v1/checks' : '/v1/commands';
    const token = await session.token().catch(() => undefined);
    const asked = { method: 'POST', body: one.text, headers: headersOf(one) } as const;
    const receipt = await ask<Receipt>(path, { ...asked, token });
    // A session that expired keeps no command out, but its receipt in.
    if (receipt.events !== undefined) return receipt;
    return ask<Receipt>(path, { ...asked, token: await session.token(true) });
  }
}

export const outbox = new Outbox();
