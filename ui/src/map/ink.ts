// SPDX-License-Identifier: Apache-2.0
// The colours of the page, read from its style sheet, for what is drawn on the canvas. Each is six hexadecimal digits.

const NAMES = ['land', 'sea', 'coast', 'line', 'text', 'paper', 'conflict', 'doubt', 'stop', 'chosen'] as const;
export type Ink = Record<(typeof NAMES)[number], string>;

/** The colours that hold now, light or dark, as the browser itself resolves them. */
export function ink(): Ink {
  const probe = document.createElement('i');
  probe.hidden = true;
  document.body.append(probe);
  const one = (name: string) => {
    probe.style.color = `var(--${name})`;
    const parts = getComputedStyle(probe).color.match(/\d+/g) ?? [];
    return `#${parts.slice(0, 3).map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
  };
  const found = Object.fromEntries(NAMES.map((name) => [name, one(name)])) as Ink;
  probe.remove();
  return found;
}
