// SPDX-License-Identifier: Apache-2.0
// Maps under the notices: which lie beside this server, and which this browser was told to draw, how strongly.
import { send } from './http';
import { session } from './session.svelte';
import { t } from './texts.svelte';

/** One map of this server, as `/v1/layers` has it. `bounds`: west, south, east, north in degrees. */
export interface OwnMap {
  id: string; name: string; form: string; min_zoom: number; max_zoom: number;
  bounds: readonly [number, number, number, number]; credit: string;
}
interface Offered { layers: OwnMap[]; faults: { file: string; detail: string }[]; remote: { address: string; credit: string } | null }
interface Chosen { world: boolean; strength: Record<string, number> }

/** The other server's tiles, among the maps of this one. */
export const REMOTE = '@remote';
const KEPT = 'standclear/layers';

class Layers {
  offered = $state.raw<Offered | null>(null);
  /** Of every map that is drawn, by id, how strongly: up to 1. */
  strength = $state<Record<string, number>>({});
  /** Whether the land and borders that come with this page are drawn. */
  world = $state(true);

  constructor() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Chosen>;
      this.world = kept.world ?? true;
      this.strength = { ...kept.strength };
    } catch {
      localStorage.removeItem(KEPT);
    }
  }

  /** All that can be drawn, the other server's tiles last. */
  get all(): OwnMap[] {
    const remote = this.offered?.remote;
    if (!remote) return this.offered?.layers ?? [];
    const name = t('layers.remote', { host: new URL(remote.address).host });
    const whole = { min_zoom: 0, max_zoom: 19, bounds: [-180, -85, 180, 85] as const };
    return [...(this.offered?.layers ?? []), { id: REMOTE, name, form: 'xyz', credit: remote.credit, ...whole }];
  }

  /** Those that are drawn. */
  get drawn(): OwnMap[] {
    return this.all.filter((one) => this.strength[one.id] !== undefined);
  }

  /** Whether anything but the page's own land is wanted here. */
  get wanted(): boolean {
    return Object.keys(this.strength).length > 0;
  }

  /** Ask this server once which maps it has. */
  async load(): Promise<void> {
    this.offered ??= await session.read<Offered>('/v1/layers');
  }

  /** Draw a map, or no more. */
  draw(id: string, on: boolean): void {
    if (on) this.strength[id] = 1;
    else delete this.strength[id];
    this.#keep();
  }

  /** Draw it as strongly as this. */
  dim(id: string, strength: number): void {
    this.strength[id] = strength;
    this.#keep();
  }

  /** Draw the land that comes with this page, or not. */
  land(on: boolean): void {
    this.world = on;
    this.#keep();
  }

  #keep(): void {
    localStorage.setItem(KEPT, JSON.stringify({ world: this.world, strength: this.strength } satisfies Chosen));
  }
}

export const layers = new Layers();

/** The bytes of a tile or file of a map of this server; none where it has no such tile. */
export async function bytesOf(path: string): Promise<Blob | null> {
  const answer = await session.within((token) => send(`/v1/layers/${path}`, { token }));
  return answer.status === 204 ? null : answer.blob();
}
