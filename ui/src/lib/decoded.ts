// SPDX-License-Identifier: Apache-2.0
// A command's canonical text as rows that a person reads: every field of it, in its own name, with its unit.
import { metres } from './findings';
import { utc } from './time.svelte';
import { degrees } from './volumes';
import type { Position } from './wire';

const HIDDEN = ['id', 'centre', 'consent', 'details', 'shown'];
type Row = readonly [name: string, value: string];

/** Field names with their values, nested ones by path. What only machines read stands last. */
export function decoded(text: string): Row[] {
  const command = JSON.parse(text) as Record<string, unknown>;
  const names = Object.keys(command);
  const order = ['command', ...names.filter((name) => name !== 'command' && !HIDDEN.includes(name)), ...names.filter((name) => HIDDEN.includes(name))];
  return order.flatMap((name) => rows(name, command[name]));
}

function rows(name: string, value: unknown): Row[] {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (isPosition(value)) return [[name, degrees(value)]];
  if (Array.isArray(value)) {
    if (value.every(isPosition)) return [[name, value.map(degrees).join(' · ')]];
    if (value.every((one) => typeof one !== 'object')) return [[name, value.join(', ') || '–']];
    return value.flatMap((one, i) => rows(`${name}[${i + 1}]`, one));
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, one]) => rows(`${name}.${key}`, one));
  }
  if (typeof value === 'number' && last.endsWith('_us')) return [[name, last === 'shift_us' ? `${value} µs` : utc(value)]];
  if (typeof value === 'number' && last.endsWith('_mm')) return [[name, metres(value)]];
  return [[name, value === null ? '–' : String(value)]];
}

function isPosition(value: unknown): value is Position {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'number');
}
