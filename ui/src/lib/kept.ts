// SPDX-License-Identifier: Apache-2.0
// What a post has read last, kept in this browser, so that a page that opens without a line still shows it, with its
// age. Each post's own answers alone; they go when the post is forgotten, or when the centre refuses its keys.
import { all, put, remove } from './db';

interface Kept { id: string; post: string; read_ms: number; answer: unknown }
/** So many answers of each post; notices that were looked at longest ago go first. */
const MOST = 400;

/** Keep an answer. */
export async function keep(post: string, path: string, answer: unknown): Promise<void> {
  await put('answers', { id: `${post} ${path}`, post, read_ms: Date.now(), answer } as Kept);
}

/** The last answer to the same question, and when it was read. */
export async function keptAnswer<T>(post: string, path: string): Promise<{ answer: T; read_ms: number } | undefined> {
  const found = (await all<Kept>('answers')).find((one) => one.id === `${post} ${path}`);
  return found && { answer: found.answer as T, read_ms: found.read_ms };
}

/** Forget what is beyond what is kept of a post; all of it, where nothing is to be kept. */
export async function prune(post: string, most = MOST): Promise<void> {
  const own = (await all<Kept>('answers')).filter((one) => one.post === post).sort((a, b) => b.read_ms - a.read_ms);
  for (const one of own.slice(most)) await remove('answers', one.id);
}
