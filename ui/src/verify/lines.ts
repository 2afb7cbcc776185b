// SPDX-License-Identifier: Apache-2.0
// A bundle's lines as they arrive (docs/bundle.md, "Lines"): text, then values in their one spelling.
import { canonical, type Json } from '../lib/canonical';

export type Check = 'form' | 'head' | 'leaf' | 'chain' | 'part' | 'attachment' | 'signature' | 'cosignature' | 'growth';
export interface Members { readonly [name: string]: Json | undefined }

/** What does not stand: which check, where, and why, as a text key's last part. */
export class Broken extends Error {
  constructor(readonly check: Check, readonly why: string, readonly where: string) {
    super(`[${check}] ${where}: ${why}`);
  }
}

/** The lines of a stream of bytes, without their ends. The last line ends with `\n` too, or something broke off. */
export async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = stream.pipeThrough(new TextDecoderStream('utf-8', { fatal: true })).getReader();
  let rest = '';
  let number = 1;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield line;
      number += 1;
    }
  }
  if (rest) throw new Broken('form', 'broken_off', `line ${number}`);
}

/** The value of canonical JSON; null where the text is any other spelling of it, or none. */
export function parsed(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return canonical(value) === text ? value : null;
  } catch {
    return null;
  }
}

/** An object's members; none of them where it is no object. */
export function members(value: Json | undefined): Members {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Members) : {};
}

/** A list's values; none where it is no list. */
export function values(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Whether an object has exactly these members. */
export function exactly(value: Json | undefined, names: readonly string[]): boolean {
  return Object.keys(members(value)).sort().join() === [...names].sort().join();
}

/** A text, or nothing where it is none. */
export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A text of so many bytes in lower-case hexadecimal. */
export function isHex(value: Json | undefined, bytes: number): value is string {
  return typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value);
}
