// SPDX-License-Identifier: Apache-2.0
// What a reader was shown of an entry, proven in the leaf that it came with (docs/log-format.md, "Slots").
import { hex, join, sha256, unhex, utf8 } from './bytes';
import { canonical, type Json } from './canonical';
import type { ViewItem } from './wire';

const EVENTS_SLOT = 1;

/** The commitment of a view, in hex; an error where the view does not stand in its leaf. */
export async function commitmentOf(view: ViewItem): Promise<string> {
  const events = view.events as unknown as Json;
  const shown = view.slot === EVENTS_SLOT ? { events } : { command: view.command, events };
  const commitment = await sha256(join(utf8('standclear/part/1\n'), unhex(view.salt), utf8(canonical(shown))));
  let node = await sha256(join(Uint8Array.of(0), commitment));
  for (const [level, sibling] of view.path.entries()) {
    const pair = (view.slot >> level) & 1 ? [unhex(sibling), node] : [node, unhex(sibling)];
    node = await sha256(join(Uint8Array.of(1), ...pair));
  }
  const leaf = JSON.parse(view.leaf) as { parts_root: string };
  if (hex(node) !== leaf.parts_root) throw new Error(`entry ${view.seq} does not prove what it shows`);
  return hex(commitment);
}
