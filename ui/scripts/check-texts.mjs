// SPDX-License-Identifier: Apache-2.0
// Every text in every language, with the plural forms that the language has and the same places to fill in.
// Ends with 1, and names what is missing, so that no page is built with a hole in it.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const LANGUAGES = ['en', 'de', 'fr', 'ru', 'uk', 'ar'];
const FORBIDDEN = /\b(safe|approved)\b/i;
const packs = Object.fromEntries(
  LANGUAGES.map((language) => [language, JSON.parse(readFileSync(join(root, 'texts', `${language}.json`), 'utf8'))]),
);
const wrong = [];

const forms = (text) => (typeof text === 'string' ? [text] : Object.values(text));
const places = (text) => [...new Set(forms(text).flatMap((form) => form.match(/\{[a-z]+\}/g) ?? []))].sort().join();

for (const [language, pack] of Object.entries(packs)) {
  // In one order, so that two people who add texts write to different places.
  const keys = Object.keys(pack);
  keys.forEach((key, i) => i && keys[i - 1] > key && wrong.push(`${language}: ${key} stands out of order; npm run sort`));
  const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories.slice().sort().join();
  for (const key of Object.keys(packs.en)) {
    if (!(key in pack)) wrong.push(`${language}: ${key} is missing`);
  }
  for (const [key, text] of Object.entries(pack)) {
    const model = packs.en[key];
    if (model === undefined) wrong.push(`${language}: ${key} is in no other pack`);
    else if (typeof model !== typeof text) wrong.push(`${language}: ${key} has forms in one pack and none in the other`);
    else if (places(model) !== places(text)) wrong.push(`${language}: ${key} fills in ${places(text)}, not ${places(model)}`);
    if (typeof text === 'object' && Object.keys(text).sort().join() !== needed) {
      wrong.push(`${language}: ${key} needs the forms ${needed}`);
    }
    if (forms(text).some((form) => form.trim() === '' || FORBIDDEN.test(form))) wrong.push(`${language}: ${key} says nothing, or too much`);
  }
}

const sources = readdirSync(join(root, 'src'), { recursive: true })
  .filter((name) => /\.(svelte|ts)$/.test(name))
  .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
  .join('\n');
for (const key of Object.keys(packs.en)) {
  const family = key.slice(0, key.lastIndexOf('.') + 1);
  if (!sources.includes(`'${key}'`) && !sources.includes(`tOf('${family.slice(0, -1)}'`)) wrong.push(`en: ${key} is used nowhere`);
}

for (const line of wrong) console.error(line);
process.exitCode = wrong.length ? 1 : 0;
