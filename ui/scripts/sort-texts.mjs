// SPDX-License-Identifier: Apache-2.0
// Put the texts of every language into the order of their keys.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const folder = new URL('../texts/', import.meta.url);
for (const name of readdirSync(folder)) {
  const pack = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  const sorted = Object.fromEntries(Object.entries(pack).sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(new URL(name, folder), `${JSON.stringify(sorted, null, 2)}\n`);
}
