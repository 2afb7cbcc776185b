// SPDX-License-Identifier: Apache-2.0
// The inbox as it grows. One tab of a post holds the stream and tells the others; when it goes, another takes over
// from the last log number it heard, so that nothing is missed. Silence is not taken for peace: `live` falls.
import { Problem } from './http';
import { session } from './session.svelte';
import type { StreamHead, ViewItem } from './wire';

const SILENCE_MS = 35_000; // the centre speaks at least every 15 s
const RETRY_MS = 2_000;

type Told =
  | { kind: 'view'; view: ViewItem }
  | { kind: 'head'; head: StreamHead }
  | { kind: 'beat' }
  | { kind: 'lost' }
  | { kind: 'ask' };

export type Listener = (view: ViewItem) => void;

class Stream {
  /** Heard from within the time in which the centre always speaks. */
  live = $state(false);
  /** When something was last heard, ms since 1970 by this machine; 0 before. */
  heard_ms = $state(0);
  /** How many entries the log has, by its signed head. */
  size = $state(0);
  checkpoint = $state('');
  #last = -1;
  #listeners = new Set<Listener>();
  #channel: BroadcastChannel | undefined;
  #stop: AbortController | undefined;
  #leads = false;

  /** Follow from an entry on, as this tab's post. */
  follow(after: number, listener: Listener): void {
    this.end();
    const stop = new AbortController();
    const name = `standclear/stream/${session.post?.id ?? ''}`;
    this.#last = after;
    this.#listeners.add(listener);
    this.#stop = stop;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = (message) => this.#hear(message.data as Told);
    this.#tell({ kind: 'ask' });
    const watch = setInterval(() => {
      if (this.live && Date.now() - this.heard_ms > SILENCE_MS) this.live = false;
    }, 1_000);
    stop.signal.addEventListener('abort', () => clearInterval(watch));
    void navigator.locks.request(name, { signal: stop.signal }, () => this.#lead(stop.signal)).catch(() => undefined);
  }

  /** Follow no longer. */
  end(): void {
    this.#stop?.abort();
    this.#channel?.close();
    this.#listeners.clear();
    this.live = this.#leads = false;
  }

  async #lead(stop: AbortSignal): Promise<void> {
    this.#leads = true;
    while (!stop.aborted) {
      await this.#read(stop).catch(() => undefined);
      if (stop.aborted) return;
      this.#say({ kind: 'lost' });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #read(stop: AbortSignal): Promise<void> {
    await session.within(async (token) => {
      const broken = new AbortController();
      const silence = setInterval(() => {
        if (Date.now() - since > SILENCE_MS) broken.abort();
      }, 1_000);
      let since = Date.now();
      try {
        const response = await fetch(`/v1/stream?after=${this.#last}`, {
          headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' },
          signal: AbortSignal.any([stop, broken.signal]),
          cache: 'no-store',
        });
        if (!response.ok || !response.body) throw new Problem(response.status, 'stream');
        let rest = '';
        for await (const text of pieces(response.body)) {
          since = Date.now();
          rest = this.#parse(rest + text);
        }
      } finally {
        clearInterval(silence);
      }
    });
  }

  /** Take whole events off the front of what has come; give back what is not whole yet. */
  #parse(text: string): string {
    const parts = text.split('\n\n');
    const rest = parts.pop() ?? '';
    for (const part of parts) {
      const lines = part.split('\n');
      const event = lines.find((line) => line.startsWith('event: '))?.slice(7);
      const data = lines.find((line) => line.startsWith('data: '))?.slice(6) ?? '';
      if (event === 'view') this.#say({ kind: 'view', view: JSON.parse(data) as ViewItem });
      else if (event === 'head') this.#say({ kind: 'head', head: JSON.parse(data) as StreamHead });
      else if (event !== 'cut') this.#say({ kind: 'beat' });
    }
    return rest;
  }

  #say(told: Told): void {
    this.#tell(told);
    this.#hear(told);
  }

  #tell(told: Told): void {
    this.#channel?.postMessage(told);
  }

  #hear(told: Told): void {
    if (told.kind === 'ask') {
      if (this.#leads && this.live && this.checkpoint) this.#tell({ kind: 'beat' });
      return;
    }
    this.live = told.kind !== 'lost';
    if (told.kind === 'lost') return;
    this.heard_ms = Date.now();
    if (told.kind === 'head') {
      this.size = told.head.size;
      this.checkpoint = told.head.checkpoint;
      this.#last = Math.max(this.#last, told.head.size - 1);
    }
    if (told.kind === 'view' && told.view.seq > this.#last) {
      this.#last = told.view.seq;
      for (const listener of this.#listeners) listener(told.view);
    }
  }
}

async function* pieces(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

export const stream = new Stream();
