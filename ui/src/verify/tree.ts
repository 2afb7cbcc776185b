// SPDX-License-Identifier: Apache-2.0
// Hash trees and signatures as RFC 6962, 2.1 and C2SP signed-note have them, by WebCrypto's SHA-256 and Ed25519 alone.
import { type Bytes, hex, join, sha256, unhex, utf8 } from '../lib/bytes';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf. */
export function leafHash(bytes: Uint8Array): Promise<Bytes> {
  return sha256(join(LEAF, bytes));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(join(NODE, left, right));
}

/** The root that an inclusion proof leads to, in hexadecimal; empty where its length is wrong. */
export async function climb(node: Bytes, index: number, size: number, path: readonly string[]): Promise<string> {
  let at = index;
  let last = size - 1;
  let hash = node;
  for (const sibling of path) {
    if (last === 0) return '';
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(unhex(sibling), hash);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = await nodeHash(hash, unhex(sibling));
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hex(hash) : '';
}

/** A tree that grows leaf by leaf: the roots of its whole subtrees, the largest first. */
export class Growing {
  size = 0;
  #subtrees: Bytes[] = [];

  /** Take the next leaf's hash. */
  async add(hash: Bytes): Promise<void> {
    this.#subtrees.push(hash);
    this.size += 1;
    for (let left = this.size; left % 2 === 0; left /= 2) {
      const right = this.#subtrees.pop()!;
      this.#subtrees.push(await nodeHash(this.#subtrees.pop()!, right));
    }
  }

  /** The root of what it has now, in hexadecimal. */
  async root(): Promise<string> {
    let root = this.#subtrees.at(-1);
    if (!root) return hex(await sha256(new Uint8Array()));
    for (const left of this.#subtrees.slice(0, -1).reverse()) root = await nodeHash(left, root);
    return hex(root);
  }
}

/** Whether an Ed25519 signature stands. A key that is no point of the curve signs nothing. */
export async function stands(publicHex: string, signature: Bytes, message: Bytes): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', unhex(publicHex), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, message);
  } catch {
    return false;
  }
}

export interface Head { origin: string; size: number; root: string; text: string; lines: { name: string; blob: Bytes }[] }

/** A signed head of a log; null where it is none. */
export function readHead(note: string): Head | null {
  const found = /^(([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]+=*)\n)\n((?:— [^\s+]+ [A-Za-z0-9+/]+=*\n){1,64})$/.exec(note);
  if (!found) return null;
  const [, text = '', origin = '', size = '', root = '', signed = ''] = found;
  try {
    const lines = [...signed.matchAll(/— (\S+) (\S+)\n/g)].map(([, name = '', word = '']) => ({ name, blob: unbase64(word) }));
    return { origin, size: Number(size), root: hex(unbase64(root)), text, lines };
  } catch {
    return null;
  }
}

/** The four bytes by which a note's line names its key. */
export async function keyTag(name: string, kind: number, publicHex: string): Promise<string> {
  const whole = await sha256(join(utf8(`${name}\n`), Uint8Array.of(kind), unhex(publicHex)));
  return hex(whole.slice(0, 4));
}

function unbase64(word: string): Bytes {
  const bytes = Uint8Array.from(atob(word), (letter) => letter.charCodeAt(0));
  if (btoa(String.fromCharCode(...bytes)) !== word) throw new RangeError(word);
  return bytes;
}
