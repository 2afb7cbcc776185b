// SPDX-License-Identifier: Apache-2.0
// Over the wire: rosters and watches (docs/watch.md), incidents (docs/incidents.md), the daily report (docs/daily.md).
import type { Envelope, OpenItem, ReleaseLevel, Volume } from './wire';

export interface Shift { post: string; from_us: number; until_us: number }
export interface OnWatch { desk: string; post: string; key: string; entry: number; at_us: number; after: string; handover: number }
export interface LeftOpen { what: string; notice: string; entry: number; by_us: number | null }
export interface Handover {
  entry: number; desk: string; post: string; key: string; note: string; open: LeftOpen[]; more: number; at_us: number;
  accepted_by: string; waits: boolean;
}
export interface Unmanned extends Shift { desk: string; at_us: number; still: boolean }
export interface PostsItem {
  actor: string; roster_entry: number | null; shifts: Shift[]; on_watch: OnWatch[]; handovers: Handover[]; unmanned: Unmanned[];
}
export interface PostsAnswer extends Envelope { posts: PostsItem[] }

export type Harm = 'killed' | 'injured' | 'missing' | 'damaged' | 'hindered' | 'near_miss' | 'other';
export type Conclusion = 'as_reported' | 'otherwise' | 'not_established' | 'still_looking';
export interface InWords { language: string; text: string }
export interface FindingGiven {
  incident: string; version: number; conclusion: Conclusion; words: InWords; actor: string; post: string; at_us: number;
}
export interface IncidentItem {
  incident: string; named: string; actor: string; post: string; recorded_us: number; level: ReleaseLevel;
  content: { where: Volume[]; harm: Harm[]; words: InWords | null; there: string; notices: string[] };
  shared: { to: string; level: ReleaseLevel }[]; sides: { actor: string; versions: FindingGiven[] }[];
  held_us: number | null; by_us: number | null; calls: number; open: boolean; dossier: string;
}
export interface IncidentsPage extends Envelope { items: IncidentItem[]; more: number }

export interface Outcomes { facilitated: number; impeded: number; denied: number; withdrawn: number; cancelled: number }
export interface DailyReport {
  day: string; from_us: number; until_us: number; complete: boolean;
  movements: (Outcomes & { author: string; planned: number; unsaid: number })[];
  outcomes: (Outcomes & { of: string })[];
  activities: {
    filer: string; planned: number; judged: number; not_assessed: number; blocked: number; recalled: number; after_reports: number;
  }[];
  stops: {
    stop: string; drill: string; called_by: string; called_us: number;
    heard: { party: string; echelon: string; right: boolean; standing: string; took_us: number }[];
  }[];
  incidents: { incident: string; reported_us: number; harm: Harm[]; named: string; findings: number; open: boolean }[];
  open: Pick<OpenItem, 'what' | 'notice' | 'waits_on' | 'by_us' | 'since_us' | 'words'>[];
  open_more: number;
}
export interface DailyAnswer extends Envelope { report: DailyReport }

export interface Mandate { may: string[]; from_us: number | null; until_us: number | null }
export interface KeyItem {
  key: string; use: string; actor: string; post: string; mandate: Mandate | null; entry: number; at_us: number; stands: boolean;
  revoked: { entry: number; at_us: number; by: string; asked_by: string; reason: string } | null;
}
export interface InvitedItem { key: string; actor: string; post: string; mandate: Mandate | null; expires_us: number }
/** New keys for a post that lost its own: who vouched, or objected last. */
export interface ReplacementItem {
  key: string; public: string; actor: string; post: string; by: string; by_post: string; reason: string; at_us: number;
  from_us: number | null; stage: 'waits_for_second' | 'invited' | 'objected';
}
export interface KeysAnswer extends Envelope { keys: KeyItem[]; invitations: InvitedItem[]; replacements: ReplacementItem[] }
export interface KeyAnswer extends Envelope { item: KeyItem; signed: { entry: number; at_us: number; command: string; refused: boolean }[]; next: number | null }
