// SPDX-License-Identifier: Apache-2.0
// A command made ready to send: its canonical text, its signature, and the documents that it commits to.
import { base64url, draw, hex, join, sha256, unhex, utf8 } from './bytes';
import { canonical, type Json } from './canonical';
import { uuid7 } from './ids';
import { COMMAND, type Post, sign } from './keys';
import type { Content, Release } from './wire';

/** A command before it is signed: what somebody looks at. */
export interface Draft {
  text: string;
  documents: Record<'consent' | 'details', { salt: string; body: string }> | null;
}

/** Exactly what is sent; sending it twice records it once. */
export interface Signed extends Draft {
  id: string;
  command: string;
  post: string;
  key: string;
  signature: string;
  made_ms: number;
}

type Fields = Record<string, Json>;

/** A command of this post with its centre, an id of its own and the time that this machine shows. */
export function draft(post: Post, command: string, fields: Fields): Draft {
  const now = Date.now();
  return {
    text: canonical({ ...fields, command, centre: post.origin, id: uuid7(now), at_us: now * 1000 }),
    documents: null,
  };
}

/** Names, contacts and plates sent beside a notice, and who may read them. */
export interface Details { to: readonly string[]; about: Readonly<Record<string, string>> }

/** A notice or an amendment, which commits to who is shown it and to what is sent beside it. */
export async function draftNotice(
  post: Post, content: Content, release: readonly Release[], details: Details, amends?: string,
): Promise<Draft> {
  const levels = [...release].sort((a, b) => (a.to < b.to ? -1 : 1)).map(({ to, level }) => ({ to, level }));
  const documents = {
    consent: document(canonical({ release: levels })),
    details: document(canonical({ about: details.about, to: details.to })),
  };
  const made = draft(post, amends ? 'amend' : 'notify', {
    notice: content as unknown as Json,
    consent: await commitment(documents.consent),
    details: await commitment(documents.details),
    ...(amends ? { amends } : {}),
  });
  return { text: made.text, documents };
}

/** Sign exactly the text that was shown. */
export async function signed(post: Post, made: Draft): Promise<Signed> {
  const said = JSON.parse(made.text) as { id: string; command: string };
  return {
    ...made,
    id: said.id,
    command: said.command,
    post: post.id,
    key: post.command.id,
    signature: await sign(post.command.private, COMMAND, utf8(made.text)),
    made_ms: Date.now(),
  };
}

/** Key, signature and documents as headers. */
export function headersOf(one: Signed): Record<string, string> {
  const headers: Record<string, string> = { 'Standclear-Key': one.key, 'Standclear-Signature': one.signature };
  if (one.documents) {
    headers['Standclear-Consent'] = packed(one.documents.consent);
    headers['Standclear-Details'] = packed(one.documents.details);
  }
  return headers;
}

function document(body: string): { salt: string; body: string } {
  return { salt: hex(draw(32)), body };
}

async function commitment(one: { salt: string; body: string }): Promise<string> {
  return hex(await sha256(join(utf8('standclear/attachment/1\n'), unhex(one.salt), utf8(one.body))));
}

function packed(one: { salt: string; body: string }): string {
  return base64url(join(unhex(one.salt), utf8(one.body)));
}
