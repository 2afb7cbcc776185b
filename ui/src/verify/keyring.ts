// SPDX-License-Identifier: Apache-2.0
// Which keys stand for whom, entry by entry, as the log itself says (docs/bundle.md, check 7): who could give what.
import { hex, join, sha256, unhex, utf8 } from '../lib/bytes';
import { canonical, type Json } from '../lib/canonical';
import { type Members, isHex, members, text, values } from './lines';
import { stands } from './tree';

export interface Key { id: string; public: string; use: string; actor: string; post: string; expires_us: number }

const P = 2n ** 255n - 19n;
const Y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
const NO_KEYS = new Set([0n, 1n, P - 1n, Y8, P - Y8]); // the y coordinates of Ed25519's points of small order
const USES = ['command', 'cosign', 'session', 'checkpoint'];
/** Commands that may change keys or terms, and events that say so. */
export const STANDING = ['open', 'assent', 'propose', 'tick', 'invite', 'enrol', 'revoke'];
export const SAY_SO = ['centre_opened', 'terms_assented', 'terms_in_force', 'key_invited', 'key_enrolled', 'key_revoked',
  'terms_proposed', 'proposal_assented', 'terms_replaced'];

/** Terms that are proposed and open: from when they would hold, whose they are, who assented, when all had. */
interface Proposal { from: number; by: string; assents: Set<string>; agreed: number }

/** Every key that the log brought in so far. */
export class Keyring {
  readonly keys = new Map<string, Key>();
  roles = new Map<string, string>();
  slots = new Map<string, number>();
  #terms = '';
  #actors = '';
  readonly #open = new Map<string, Proposal>();
  #once = new Set<string>();

  /** Whether this is said for the first time. */
  once(what: string): boolean {
    const first = !this.#once.has(what);
    this.#once.add(what);
    return first;
  }

  /** Entry 0: the actors, and the first keys. Why it does not open a log; empty where it does. */
  async open(command: Members, signer: string): Promise<string> {
    const terms = members(command['terms']);
    const actors = values(terms['actors']).map(members);
    const numbers = new Set(actors.map((one) => Number(one['number'])));
    for (const one of actors) {
      const [id, role, number] = [text(one['id']), text(one['role']), Number(one['number'])];
      this.roles.set(id, role);
      this.slots.set(id, role === 'desk' || role === 'arbiter' ? 1 : 2 + number);
    }
    if (!actors.length || this.roles.size !== actors.length || numbers.size !== actors.length) return 'actors';
    this.#terms = hex(await sha256(utf8(canonical(command['terms'] as Json))));
    this.#actors = named(actors);
    const why = await this.#enrol(values(command['keys']).map(members));
    return why || (this.roles.get(this.keys.get(signer)?.actor ?? '') === 'desk' ? '' : 'opened_by');
  }

  /** A later command about keys or terms: why its signer may not give it; empty where it may. */
  async allow(command: Members, signer: Key, at_us: number): Promise<string> {
    if (command['command'] === 'tick') return this.roles.get(signer.actor) === 'desk' && this.#enters(at_us) ? '' : 'assent';
    if (command['command'] === 'propose' || (command['command'] === 'assent' && this.#open.has(text(command['terms'])))) {
      return this.#proposed(command, signer, at_us);
    }
    if (command['command'] === 'assent') {
      const right = this.roles.get(signer.actor) === 'party' && command['terms'] === this.#terms;
      return right && this.once(`assent ${signer.actor}`) ? '' : 'assent';
    }
    if (command['command'] === 'invite') {
      const has = [...this.keys.values()].some((key) => key.actor === command['actor'] && key.use !== 'invitation');
      const may = command['actor'] === signer.actor || (this.roles.get(signer.actor) === 'desk' && !has);
      return may ? this.#enrol([{ ...command, use: 'invitation' }]) : 'invite';
    }
    if (command['command'] === 'revoke') {
      const gone = this.keys.get(text(command['key']));
      const asked = this.roles.get(signer.actor) === 'desk' && text(command['asked_by']).trim() !== '';
      if (!gone || !(gone.actor === signer.actor || asked)) return 'revoke';
      this.keys.delete(gone.id);
      for (const key of this.keys.values()) if (key.use === 'invitation' && key.actor === gone.actor) this.keys.delete(key.id);
      return '';
    }
    if (at_us > signer.expires_us || !this.once(`invitation ${signer.id}`)) return 'invitation';
    const grants = values(command['keys']).map(members);
    for (const one of grants) {
      const held = [signer.id, signer.actor, signer.post, text(one['use']), text(one['public'])].join('\n');
      const proof = isHex(one['proof'], 64) ? unhex(one['proof']) : new Uint8Array();
      if (!(await stands(text(one['public']), proof, utf8(`standclear/enrol/1\n${held}\n`)))) return 'new_key';
    }
    return this.#enrol(grants.map((one) => ({ ...one, actor: signer.actor, post: signer.post })));
  }

  /** Terms that a party proposes, or assents to: each once; a new proposal takes the place of its own before it. */
  async #proposed(command: Members, signer: Key, at_us: number): Promise<string> {
    if (this.roles.get(signer.actor) !== 'party') return 'assent';
    let name = text(command['terms']);
    if (command['command'] === 'propose') {
      const terms = members(command['terms']);
      if (named(values(terms['actors']).map(members)) !== this.#actors) return 'actors';
      for (const [other, one] of this.#open) if (one.by === signer.actor && !one.agreed) this.#open.delete(other);
      name = hex(await sha256(utf8(canonical(command['terms'] as Json))));
      this.#open.set(name, { from: Number(terms['in_force_from_us'] ?? 0), by: signer.actor, assents: new Set(), agreed: 0 });
    }
    const one = this.#open.get(name);
    if (!one || one.assents.has(signer.actor)) return 'assent';
    one.assents.add(signer.actor);
    if ([...this.roles].every(([actor, role]) => role !== 'party' || one.assents.has(actor))) one.agreed = at_us;
    this.#enters(at_us);
    return '';
  }

  /** Whether agreed terms come into force by this time; then nothing else is open any more. */
  #enters(at_us: number): boolean {
    const due = [...this.#open.values()].some((one) => one.agreed > 0 && one.from <= at_us);
    if (due) {
      this.#open.clear();
      this.#terms = '';
    }
    return due;
  }

  /** New keys: honest, of an actor, one use each, heads signed by the desk alone. */
  async #enrol(grants: readonly Members[]): Promise<string> {
    for (const one of grants) {
      const [publicHex, use, actor] = [text(one['public']), text(one['use']), text(one['actor'])];
      if (!isHex(publicHex, 32) || !(use === 'invitation' || USES.includes(use))) return 'new_key';
      const y = BigInt(`0x${hex(unhex(publicHex).reverse())}`) % 2n ** 255n;
      const role = this.roles.get(actor);
      if (y >= P || NO_KEYS.has(y) || role === undefined || (use === 'checkpoint' && role !== 'desk')) return 'new_key';
      if (!this.once(`key ${publicHex}`)) return 'new_key';
      const named = use === 'invitation' ? 'command' : use;
      const id = hex(await sha256(join(utf8(`standclear/key/1\n${named}\n`), unhex(publicHex)))).slice(0, 32);
      this.keys.set(id, { id, public: publicHex, use, actor, post: text(one['post']), expires_us: Number(one['expires_us'] ?? 0) });
    }
    return '';
  }
}

/** Who the actors are, in one spelling: a change of terms leaves each its number and its role. */
function named(actors: readonly Members[]): string {
  return canonical(actors.map((one) => [text(one['id']), Number(one['number']), text(one['role'])].join(' ')).sort());
}
