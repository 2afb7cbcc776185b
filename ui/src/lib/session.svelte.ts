// SPDX-License-Identifier: Apache-2.0
// The post at which this tab sits, and its session for reading. Each tab may sit at another post.
import { ask, type Asked, NoAnswer, Problem } from './http';
import { enrolment, forget, invitationKey, keep, keysWork, newKey, type Post, posts, SESSION, sign } from './keys';
import { uuid7 } from './ids';
import { keep as keepAnswer, keptAnswer, prune } from './kept';
import { utf8 } from './bytes';
import type { Actor, Health, Receipt, Role, Terms, TermsAnswer } from './wire';

export interface Desk { actor: string; name: string; role: Role; posts: string[] }
const SEAT = 'standclear/post';
/** What is kept for a page without a line: the terms, what is open, what was drawn and looked at, what was said. */
const KEPT = /^\/v1\/(terms$|watch$|map\?|notices\/N[0-9]+$|threads|phrases)/;

/** Under which name an answer is kept: of the map, what was looked at last, wherever that was. */
const nameOf = (path: string): string => path.replace(/^(\/v1\/map)\?.*/, '$1');

/** What serves this page, and whether it takes commands. */
interface Seen { health: Health; readOnly: boolean }
async function seenIn(answer: Response): Promise<Seen> {
  // A centre that takes no commands says its health with 503, and is read all the same.
  const health = (await answer.json()) as Health;
  return { health, readOnly: answer.headers.get('Standclear-Commands') === 'not taken' };
}

class Session {
  health = $state<Health | null>(null);
  held = $state.raw<Post[]>([]);
  post = $state.raw<Post | null>(null);
  terms = $state.raw<Terms | null>(null);
  termsHash = $state('');
  inForce = $state(false);
  /** Parties that suspended their part in the terms. */
  suspended = $state.raw<string[]>([]);
  /** Desks of an exercise that anybody at this page may sit at; none elsewhere. */
  desks = $state.raw<Desk[]>([]);
  keysWork = $state(true);
  /** A mirror answers reads and takes no commands. */
  readOnly = $state(false);
  /** At a mirror: an enrolment to be carried to the centre by other means. */
  carried = $state('');
  /** No line: since when what is shown was read, ms by this machine; 0 where it was read now. */
  kept_ms = $state(0);
  #token: string | undefined;
  #opening: Promise<void> | undefined;

  get actor(): Actor | undefined {
    return this.terms?.actors.find((actor) => actor.id === this.post?.actor);
  }

  get role(): Role {
    return this.actor?.role ?? 'observer';
  }

  /** Level at which this post speaks: its name up to the first comma (docs/answers.md). */
  get echelon(): string {
    return (this.post?.post ?? '').split(',')[0]!.toLowerCase().split(/\s+/).filter(Boolean).join('-');
  }

  /** Name of an actor as the terms have it; its id where they do not. */
  nameOf(id: string): string {
    return this.terms?.actors.find((actor) => actor.id === id)?.name ?? id;
  }

  /** Find out where this page is, and take the seat that this tab had. */
  async begin(): Promise<void> {
    this.keysWork = await keysWork();
    await this.#look();
    this.held = await posts(this.health?.origin ?? '');
    if (this.health?.exercise) {
      this.desks = await ask<{ desks: Desk[] }>('/v1/exercise/desks').then((said) => said.desks, () => []);
    }
    const seat = sessionStorage.getItem(SEAT);
    const post = this.held.find((one) => one.id === seat) ?? (this.held.length === 1 ? this.held[0] : undefined);
    if (post) await this.sit(post).catch(() => undefined);
  }

  /** The health of what serves this page; as it was read last where nothing answers. */
  async #look(): Promise<void> {
    const answer = await fetch('/v1/health', { cache: 'no-store' }).catch((error: unknown) => String(error));
    const kept = typeof answer === 'string' ? await keptAnswer<Seen>('', '/v1/health') : undefined;
    if (typeof answer === 'string' && !kept) throw new NoAnswer(answer);
    const seen = typeof answer === 'string' ? kept!.answer : await seenIn(answer);
    this.health = seen.health;
    this.readOnly = seen.readOnly;
    this.kept_ms = kept?.read_ms ?? 0;
    if (!kept) void keepAnswer('', '/v1/health', seen).catch(() => undefined);
  }

  /** Sit at a post: from here on this tab reads and signs as it. */
  async sit(post: Post): Promise<void> {
    this.#token = sessionStorage.getItem(post.id) ?? undefined;
    this.post = post;
    try {
      await this.learnTerms();
      sessionStorage.setItem(SEAT, post.id);
    } catch (error) {
      if (error instanceof Problem) this.leave();
      throw error;
    }
  }

  /** Read the terms that stand: when one sits down, and when others have come into force. */
  async learnTerms(): Promise<void> {
    const said = await this.read<TermsAnswer>('/v1/terms');
    this.terms = said.terms;
    this.termsHash = said.hash;
    this.inForce = said.in_force;
    this.suspended = said.suspended;
  }

  /** Rise; the keys stay in this browser. */
  leave(): void {
    if (this.post) sessionStorage.removeItem(this.post.id);
    sessionStorage.removeItem(SEAT);
    this.#token = undefined;
    this.post = null;
    this.terms = null;
  }

  /** Take an invitation up: new keys, made here, enrolled by the invitation's own. */
  async enrol(code: string, actor: string, name: string): Promise<Post> {
    const origin = this.health?.origin ?? '';
    const invitation = await invitationKey(code);
    if (!invitation) throw new Problem(422, 'enrol.code_wrong');
    const command = await newKey('command');
    const session = await newKey('session');
    const now = Date.now();
    const who = { centre: origin, id: uuid7(now), at_us: now * 1000 };
    const signed = await enrolment(invitation, who, actor, name, [
      { use: 'command', key: command },
      { use: 'session', key: session },
    ]);
    const post = { id: `${origin} ${actor} ${name}`, origin, actor, post: name, command, session };
    if (this.readOnly) {
      // A mirror takes nothing; what the page signed is carried to the centre, and comes back with the next pull.
      await keep(post);
      this.held = await posts(origin);
      const one = { command: signed.text, key: invitation.id, signature: signed.signature };
      this.carried = JSON.stringify({ commands: [one] });
      return post;
    }
    await ask<Receipt>('/v1/commands', {
      method: 'POST',
      body: signed.text,
      headers: { 'Standclear-Key': invitation.id, 'Standclear-Signature': signed.signature },
    });
    // Only keys that were enrolled open a session; a code that was used before enrols nobody.
    await this.sit(post);
    await keep(post);
    this.held = await posts(origin);
    return post;
  }

  /** In an exercise: have the desk's own post invite this browser, and sit down. */
  async sitAt(desk: string, name: string): Promise<void> {
    const known = this.held.find((post) => post.actor === desk && post.post === name);
    if (known && (await this.sit(known).then(() => true, () => false))) return;
    const given = await ask<{ code: string; actor: string; post: string }>('/v1/exercise/desks', {
      method: 'POST',
      body: JSON.stringify({ actor: desk, post: name }),
    });
    await this.enrol(given.code, given.actor, given.post);
  }

  /** Forget a post's keys for good. */
  async forget(post: Post): Promise<void> {
    if (this.post?.id === post.id) this.leave();
    await forget(post);
    await prune(post.id, 0);
    this.held = await posts(post.origin);
  }

  /** A token of a session that stands; a new one where none is held or the last was refused. */
  async token(renew = false): Promise<string> {
    if (renew) this.#token = undefined;
    if (!this.#token) {
      this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
      await this.#opening;
    }
    return this.#token ?? '';
  }

  /** Read a resource in this post's session; as it was read last, where nothing answers. */
  async read<T>(path: string): Promise<T> {
    const post = this.post?.id ?? '';
    try {
      const answer = await this.within((token) => ask<T>(path, { token }));
      this.kept_ms = 0;
      if (KEPT.test(path)) void keepAnswer(post, nameOf(path), answer).catch(() => undefined);
      return answer;
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 403)) await prune(post, 0);
      const kept = error instanceof NoAnswer ? await keptAnswer<T>(post, nameOf(path)) : undefined;
      if (!kept) throw error;
      this.kept_ms = this.kept_ms ? Math.min(this.kept_ms, kept.read_ms) : kept.read_ms;
      return kept.answer;
    }
  }

  /** Post in this post's session. */
  submit<T>(path: string, asked: Asked): Promise<T> {
    return this.within((token) => ask<T>(path, { ...asked, method: 'POST', token }));
  }

  /** Do something with a token, once more with a new one where the first was refused. */
  async within<T>(doing: (token: string) => Promise<T>): Promise<T> {
    try {
      return await doing(await this.token());
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      return doing(await this.token(true));
    }
  }

  async #open(): Promise<void> {
    const post = this.post;
    if (!post) throw new Problem(401, 'no post');
    const body = JSON.stringify({ key: post.session.id });
    const { nonce } = await ask<{ nonce: string }>('/v1/sessions/challenge', { method: 'POST', body });
    const signature = await sign(post.session.private, SESSION, utf8(`${post.origin}\n${nonce}`));
    const opened = await ask<{ token: string }>('/v1/sessions', {
      method: 'POST',
      body: JSON.stringify({ key: post.session.id, nonce, signature }),
    });
    this.#token = opened.token;
    sessionStorage.setItem(post.id, opened.token);
  }
}

export const session = new Session();

/** The post that sits here, to sign as. */
export function seated(): Post {
  if (!session.post) throw new Problem(401, 'nobody sits here');
  return session.post;
}
