// SPDX-License-Identifier: Apache-2.0
// Keys of a post, made here and never let out: WebCrypto keeps them, IndexedDB keeps the handles.
import { canonical } from './canonical';
import { all, put, remove } from './db';
import { type Bytes, draw, hex, join, sha256, unbase64url, utf8 } from './bytes';

export type Use = 'command' | 'session';
export interface HeldKey { id: string; public: string; private: CryptoKey }

/** A post as this browser holds it. Its keys sign, and cannot be read. */
export interface Post {
  id: string;
  origin: string;
  actor: string;
  post: string;
  command: HeldKey;
  session: HeldKey;
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECK_PRIME = 1021n;
const PKCS8 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]);

/** Whether this browser makes and keeps such keys: over TLS, or on this very machine. */
export async function keysWork(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}

/** The posts that this browser holds at a centre. */
export async function posts(origin: string): Promise<Post[]> {
  return (await all<Post>('posts')).filter((post) => post.origin === origin);
}

/** Forget a post: its keys are gone, and only a new invitation brings it back. */
export function forget(post: Post): Promise<void> {
  return remove('posts', post.id);
}

/** Keep a post. */
export function keep(post: Post): Promise<void> {
  return put('posts', post);
}

/** Sign bytes; the domain goes before them, so that no signature passes for another kind. */
export async function sign(key: CryptoKey, domain: string, bytes: Bytes): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.sign('Ed25519', key, join(utf8(domain), bytes))));
}

/** A new key for one use. */
export async function newKey(use: Use): Promise<HeldKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { id: await keyId(raw, use), public: hex(raw), private: pair.privateKey };
}

async function keyId(raw: Bytes, use: Use): Promise<string> {
  return hex(await sha256(join(utf8(`standclear/key/1\n${use}\n`), raw))).slice(0, 32);
}

/** The one-time key of an invitation's code; null where a character of the code is wrong. */
export async function invitationKey(code: string): Promise<HeldKey | null> {
  const bytes = readCode(code);
  if (!bytes) return null;
  const seed = await sha256(join(utf8('standclear/invitation/1\n'), bytes));
  const key = await crypto.subtle.importKey('pkcs8', join(PKCS8, seed), 'Ed25519', true, ['sign']);
  const raw = unbase64url((await crypto.subtle.exportKey('jwk', key)).x ?? '');
  return { id: await keyId(raw, 'command'), public: hex(raw), private: key };
}

/** A code as typed: any case, any grouping; O reads as 0, I and L as 1. Null where it is none. */
export function readCode(code: string): Bytes | null {
  const letters = [...code.toUpperCase().replace(/[-\s]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')];
  if (letters.length !== 28 || letters.some((letter) => !ALPHABET.includes(letter))) return null;
  const number = (part: string[]) => part.reduce((sum, letter) => (sum << 5n) | BigInt(ALPHABET.indexOf(letter)), 0n);
  const value = number(letters.slice(0, 26));
  if (value >> 128n || value % CHECK_PRIME !== number(letters.slice(26))) return null;
  return Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * (15 - i))) & 255n));
}

/** A new code: 128 bits of chance and two letters of check, in groups of four. */
export function newCode(): string {
  const value = [...draw(16)].reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const letters = (number: bigint, count: number) =>
    Array.from({ length: count }, (_, i) => ALPHABET[Number((number >> BigInt(5 * (count - 1 - i))) & 31n)]).join('');
  return (letters(value, 26) + letters(value % CHECK_PRIME, 2)).replace(/(.{4})(?=.)/g, '$1-');
}

/** What enrols a post's new keys: each signs for itself that its holder took up this very invitation. */
export async function enrolment(
  invitation: HeldKey, who: { centre: string; id: string; at_us: number }, actor: string, post: string,
  keys: readonly { use: Use; key: HeldKey }[],
): Promise<{ text: string; signature: string }> {
  const proven = await Promise.all(
    keys.map(async ({ use, key }) => {
      const said = `standclear/enrol/1\n${invitation.id}\n${actor}\n${post}\n${use}\n${key.public}\n`;
      return { public: key.public, use, proof: await sign(key.private, '', utf8(said)) };
    }),
  );
  const text = canonical({ ...who, command: 'enrol', keys: proven });
  return { text, signature: await sign(invitation.private, COMMAND, utf8(text)) };
}

export const COMMAND = 'standclear/command/1\n';
export const SESSION = 'standclear/session/1\n';
