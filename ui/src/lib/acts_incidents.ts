// SPDX-License-Identifier: Apache-2.0
// Harm reported, what a side finds, and whom its author has it shown to.
import { type Draft, draft } from './commands';
import { seated } from './session.svelte';
import type { Position } from './wire';
import type { Conclusion, Harm, InWords } from './wire_desk';

interface Reported {
  place: Position; radius_mm: number; from_us: number; until_us: number; harm: Harm[]; words: InWords; there: string;
  notices: string[]; named: string;
}

export const reportIncident = (said: Reported): Draft => draft(seated(), 'report_incident', said as never);
export const finding = (incident: string, conclusion: Conclusion, words: InWords): Draft =>
  draft(seated(), 'finding', { incident, conclusion, words: { ...words } });
export const shareIncident = (incident: string, to: string, level: 'full' | 'cover'): Draft =>
  draft(seated(), 'share_incident', { incident, to, level });
