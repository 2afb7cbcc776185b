// SPDX-License-Identifier: Apache-2.0
// The colours of the page, read from its style sheet, for what is drawn on the canvas. Each is six hexadecimal digits.

const NAMES = ['land', 'sea', 'coast', 'line', 'text', 'paper', 'conflict', 'doubt', 'stop', 'chosen'] as const;
export type Ink = Record<(typeof NAMES)[number], string>;

/** The colours that hold now: of each `light-dark(one, other)` the one that is shown. */
export function ink(): Ink {
  const root = document.documentElement;
  const theme = root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const style = getComputedStyle(root);
  const one = (name: string) => {
    const both = style.getPropertyValue(`--${name}`).match(/#[0-9a-f]{6}/g) ?? [];
    return (theme === 'dark' ? both[1] : both[0]) ?? '#808080';
  };
  return Object.fromEntries(NAMES.map((name) => [name, one(name)])) as Ink;
}
