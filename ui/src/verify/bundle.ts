// SPDX-License-Identifier: Apache-2.0
// Check a bundle as docs/bundle.md says, line by line, with nothing but WebCrypto: the same checks as
// tools/verify_bundle.py, but for the account of a dossier and for what events repeat of commands.
import { hex, join, sha256, unhex, utf8 } from '../lib/bytes';
import { type Json } from '../lib/canonical';
import { Keyring, SAY_SO, STANDING } from './keyring';
import { Broken, type Check, type Members, exactly, isHex, members, parsed, text, values } from './lines';
import { Growing, type Head, climb, keyTag, leafHash, readHead, stands } from './tree';

const LEAF = /^\{"at":(0|[1-9][0-9]{0,15}),"keys":(null|0|[1-9][0-9]{0,15}),"parts_root":"([0-9a-f]{64})","seq":(0|[1-9][0-9]{0,15}),"v":1\}$/;
const FIRST = ['bundle', 'checkpoint', 'dossier', 'exercise', 'origin', 'reader', 'slot', 'whole'];
const USE: Readonly<Record<string, string>> = { enrol: 'invitation', held: 'cosign' };
const TOLD_EVERY = 64;

/** A head that was seen elsewhere or before: the log must have grown from it, or be still to grow to it. */
export interface Seen { size: number; root: string }

/** What stands, and what was counted on the way. */
export interface Report {
  origin: string; reader: string; size: number; root: string; whole: boolean; exercise: boolean;
  entries: number; bare: number; parts: number; commands: number; signers: ReadonlyMap<string, number>;
  opening: string; signed_by: string[]; cosigned: { who: string; time_s: number }[]; grown: readonly Seen[];
}

/** Verify; what is wrong is thrown as `Broken`. `told` is called now and then with the number of entries so far. */
export async function verify(
  lines: AsyncIterable<string>, seen: readonly Seen[] = [], told: (entries: number) => void = () => {},
): Promise<Report> {
  const reading = new Reading(seen);
  let number = 0;
  for await (const line of lines) {
    number += 1;
    await (number === 1 ? reading.first(line) : reading.entry(line, number));
    if (number % TOLD_EVERY === 0) told(number - 1);
  }
  return reading.end(number);
}

class Reading {
  #check: Check = 'form';
  #where = 'line 1';
  #head!: Head;
  #reader = '';
  #slot = 0;
  #whole = false;
  #exercise = false;
  #tree = new Growing();
  #ring = new Keyring();
  #seq = -1;
  #at = -1;
  #newest: number | null = null;
  #opening = '';
  #grown: Seen[] = [];
  #bare = 0;
  #parts = 0;
  #signers = new Map<string, number>();

  constructor(readonly seen: readonly Seen[]) {}

  /** Everything hangs on this: nothing is said to stand that was not ensured. */
  #ensure(holds: boolean, why: string, check: Check = this.#check): asserts holds {
    if (!holds) throw new Broken(check, why, this.#where);
  }

  /** The first line and the head in it. */
  async first(line: string): Promise<void> {
    const first = parsed(line);
    this.#ensure(exactly(first, FIRST) && members(first)['bundle'] === 'standclear/bundle/1', 'no_bundle');
    const said = members(first);
    const head = readHead(text(said['checkpoint']));
    this.#ensure(head !== null && head.origin === said['origin'], 'no_head', 'head');
    this.#head = head;
    this.#reader = text(said['reader']);
    this.#slot = Number(said['slot']);
    this.#whole = said['whole'] === true;
    this.#exercise = said['exercise'] === true;
  }

  /** One entry: its leaf, its parts, its documents, its signature. */
  async entry(line: string, number: number): Promise<void> {
    this.#check = 'form';
    this.#where = `line ${number}`;
    const entry = parsed(line);
    this.#ensure(exactly(entry, ['attachments', 'leaf', 'parts', 'path']), 'spelling');
    const said = members(entry);
    this.#ensure((said['path'] === null) === this.#whole, 'spelling');
    const partsRoot = await this.#leaf(text(said['leaf']), said['path']);
    const bodies = await this.#bodies(values(said['parts']).map(members), partsRoot);
    const command = members(parsed(text(bodies.get(0)?.['command'])));
    await this.#attachments(values(said['attachments']).map(members), command);
    await this.#signature(bodies, command);
  }

  async #leaf(leaf: string, path: Json | undefined): Promise<string> {
    this.#check = 'leaf';
    const found = LEAF.exec(leaf);
    this.#ensure(found !== null, 'spelling');
    const [at, keys, seq] = [Number(found[1]), found[2] === 'null' ? null : Number(found[2]), Number(found[4])];
    this.#where = `entry ${seq}`;
    const place = this.#whole ? seq === this.#tree.size : seq > this.#seq;
    this.#ensure(place && (this.#seq >= 0 || seq === 0) && seq < this.#head.size && at > this.#at, 'order');
    const hash = await leafHash(utf8(leaf));
    this.#opening ||= hex(hash);
    if (this.#whole) await this.#tree.add(hash);
    else this.#ensure((await climb(hash, seq, this.#head.size, values(path).map(text))) === this.#head.root, 'path');
    this.#seq = seq;
    this.#at = at;
    for (const head of this.seen.filter((one) => this.#whole && one.size === this.#tree.size)) {
      this.#ensure((await this.#tree.root()) === head.root, 'other_log', 'growth');
      this.#grown.push(head);
    }
    this.#ensure(keys === this.#newest, 'keys', 'chain');
    return found[3] ?? '';
  }

  async #bodies(parts: readonly Members[], partsRoot: string): Promise<Map<number, Members>> {
    this.#check = 'part';
    this.#bare += parts.length ? 0 : 1;
    this.#parts += parts.length;
    const bodies = new Map<number, Members>();
    for (const part of parts) {
      const [slot, body] = [Number(part['slot']), text(part['body'])];
      this.#ensure(exactly(part, ['body', 'path', 'salt', 'slot']) && isHex(part['salt'], 32), 'spelling');
      const own = slot === 0 || slot === this.#slot || this.#slot === 1;
      this.#ensure(own && slot >= 0 && slot < 1024 && !bodies.has(slot), 'slot');
      const commitment = await sha256(join(utf8('standclear/part/1\n'), unhex(part['salt']), utf8(body)));
      const root = await climb(await leafHash(commitment), slot, 1024, values(part['path']).map(text));
      this.#ensure(root === partsRoot, 'not_under_leaf');
      const value = parsed(body);
      this.#ensure(value !== null, 'spelling');
      bodies.set(slot, members(value));
    }
    const mine = bodies.get(this.#slot);
    this.#ensure(this.#slot !== 1 || mine !== undefined, 'left_out');
    this.#ensure((mine !== undefined && mine['command'] !== false) === bodies.has(0), 'command_released');
    return bodies;
  }

  async #attachments(attachments: readonly Members[], command: Members): Promise<void> {
    this.#check = 'attachment';
    for (const one of attachments) {
      this.#ensure(isHex(one['salt'], 32), 'spelling');
      const bytes = join(utf8('standclear/attachment/1\n'), unhex(one['salt']), utf8(text(one['body'])));
      this.#ensure(hex(await sha256(bytes)) === command[text(one['name'])], 'not_committed');
    }
  }

  async #signature(bodies: Map<number, Members>, command: Members): Promise<void> {
    this.#check = 'signature';
    const kind = text(command['command']);
    const events = values(bodies.get(this.#slot)?.['events']).map(members);
    const stand = events.some((event) => SAY_SO.includes(text(event['event'])));
    this.#ensure(STANDING.includes(kind) || !stand, 'keys_by_none');
    this.#ensure((kind === 'open') === (this.#seq === 0), 'opening', 'head');
    const signed = bodies.get(0);
    if (!signed) return;
    const id = text(signed['key']);
    if (kind === 'open') this.#opened(await this.#ring.open(command, id));
    const by = this.#ring.keys.get(id);
    this.#ensure(by !== undefined && by.use === (USE[kind] ?? 'command'), 'unknown_key');
    const message = utf8(`standclear/command/1\n${text(signed['command'])}`);
    this.#ensure(isHex(signed['signature'], 64), 'spelling');
    this.#ensure(await stands(by.public, unhex(signed['signature']), message), 'signature');
    this.#ensure(command['centre'] === this.#head.origin, 'other_centre');
    this.#ensure(this.#ring.once(`id ${by.actor} ${text(command['id'])}`), 'id_twice');
    this.#signers.set(by.actor, (this.#signers.get(by.actor) ?? 0) + 1);
    if (!stand) return;
    const why = kind === 'open' ? '' : await this.#ring.allow(command, by, this.#at);
    this.#ensure(!why, why || 'new_key');
    this.#newest = this.#seq;
  }

  #opened(why: string): void {
    this.#ensure(!why, why || 'actors', 'head');
    this.#ensure(this.#ring.slots.get(this.#reader) === this.#slot, 'reader', 'head');
  }

  /** The end: the root of a whole log, and who signed the head. */
  async end(number: number): Promise<Report> {
    this.#check = 'leaf';
    this.#where = 'the end';
    this.#ensure(number > 1, 'broken_off', 'form');
    this.#ensure(this.#seq === this.#head.size - 1, 'missing');
    this.#ensure(!this.#whole || (await this.#tree.root()) === this.#head.root, 'root');
    const signed_by: string[] = [];
    const cosigned: { who: string; time_s: number }[] = [];
    for (const key of this.#ring.keys.values()) await this.#line(key, signed_by, cosigned);
    this.#ensure(signed_by.length > 0, 'unsigned', 'head');
    const { origin, size, root } = this.#head;
    const commands = [...this.#signers.values()].reduce((sum, count) => sum + count, 0);
    return {
      origin, size, root, signed_by, cosigned, commands,
      reader: this.#reader, whole: this.#whole, exercise: this.#exercise, entries: number - 1, bare: this.#bare,
      parts: this.#parts, signers: this.#signers, opening: this.#opening, grown: this.#grown,
    };
  }

  async #line(
    key: { use: string; actor: string; public: string }, signed_by: string[], cosigned: { who: string; time_s: number }[],
  ): Promise<void> {
    if (key.use !== 'checkpoint' && key.use !== 'cosign') return;
    const isHead = key.use === 'checkpoint';
    const name = isHead ? this.#head.origin : `${this.#head.origin}/${key.actor}`;
    const tag = await keyTag(name, isHead ? 1 : 4, key.public);
    for (const { name: named, blob } of this.#head.lines) {
      if (named !== name || hex(blob.slice(0, 4)) !== tag) continue;
      const start = isHead ? 4 : 12;
      const time_s = isHead ? 0 : Number(new DataView(blob.buffer).getBigUint64(4));
      const message = (isHead ? '' : `cosignature/v1\ntime ${time_s}\n`) + this.#head.text;
      const right = await stands(key.public, blob.slice(start), utf8(message));
      this.#ensure(right, 'signature', isHead ? 'head' : 'cosignature');
      if (isHead) signed_by.push(key.public);
      else cosigned.push({ who: key.actor, time_s });
    }
  }
}
