// SPDX-License-Identifier: Apache-2.0
// What goes over the wire (docs/api.md, docs/record.md), as far as this interface reads it.
// Whole numbers: 1e-7 degrees with longitude first, mm, µs since 1970 UTC.

export type Position = readonly [number, number];
export type Verdict = 'no_conflict_found' | 'conflict' | 'not_assessed';
export type Role = 'party' | 'notifier' | 'observer' | 'arbiter' | 'desk' | 'recipient';
export type NoticeClass = 'site' | 'movement' | 'truce_area' | 'activity_area' | 'airspace_measure' | 'activity' | 'stop';
export type Status =
  | 'current' | 'expired' | 'overdue' | 'withdrawn' | 'closed'
  | 'filed' | 'blocked' | 'active' | 'recalled' | 'ended';
export type ReleaseLevel = 'withheld' | 'cover' | 'volume' | 'full';
export type AnswerKind = 'acknowledged' | 'objected' | 'cannot_comply' | 'consented';
export type Standing = 'signed' | 'said' | 'relayed';
export type Drill = 'live' | 'announced' | 'unannounced';

export interface Footprint {
  shape: 'point' | 'line' | 'polygon';
  rings: Position[][];
  edges: 'geodesic' | 'lonlat' | 'unknown';
  radius_mm: number;
  uncertainty_mm: number;
}
export interface Level { value_mm: number; datum: 'W84' | 'AMSL' | 'AGL' | 'FL' }
export interface Band { lower: Level | null; upper: Level | null }
export interface Window { start_us: number | null; end_us: number | null }
export interface Volume { footprint: Footprint; band: Band; window: Window }
export interface Bracket { lower: number | null; upper: number | null }

export interface Site { notice: 'site'; kind: string; name: string; volumes: Volume[]; placed: boolean; valid_until_us: number | null }
export interface Area { notice: 'area'; kind: string; name: string; volumes: Volume[]; parties: string[]; valid_until_us: number | null }
export type Stated = 'yes' | 'no' | 'unknown';
/** How an aircraft is called, seen and reached; what is not stated is left out. */
export interface AirCard {
  callsign?: string; mode_s?: string; frequencies_khz?: number[]; lost_link?: string; notam?: string; qnh_source?: string;
  standby?: string;
}
export interface RoadCard { armed_escort?: Stated; night_marking?: Stated; vehicles?: number }
export interface Movement { notice: 'movement'; kind: string; name: string; legs: Volume[]; air?: AirCard; road?: RoadCard; lines?: number }
export interface Activity {
  notice: 'activity'; kind: string; name: string; volumes: Volume[];
  ground_hazard: 'none' | 'possible'; hazard: Footprint[]; air?: AirCard;
}
export interface Stop { notice: 'stop'; kind: string; name: string; volumes: Volume[]; drill: Drill }
export type Content = Site | Area | Movement | Activity | Stop;

export interface Finding {
  rule: string; other: string; verdict: Verdict;
  why: 'too_close' | 'hazard_to_ground' | 'vertical_unknown' | 'unplaced' | 'outside_area' | 'not_evaluated'
    | 'terms_not_in_force' | 'party_suspended' | 'awaits_consent' | 'objected';
  horizontal_mm: Bracket; vertical_mm: Bracket; time_us: Bracket;
  at: Position | null; own: 'exact' | 'cover'; theirs: 'exact' | 'cover'; blocks: boolean; waits_on: string[];
}
export interface Alternative { shift_us: number; raise_mm: number }
export interface Judgement {
  verdict: Verdict; findings: Finding[]; compared: number; not_assessed: number; alternatives: Alternative[]; engine: string;
}
export interface Spoken { judgement: Judgement; findings: string[]; alternatives: string[] }
export interface Flag { code: string; rule: string; amount: number }
export interface Release { to: string; level: ReleaseLevel }
/** What the desk took down from a telephone. It is never shown as signed. */
export interface Relayed { post: string; number: string; at_us: number; read_back: string }
export interface Answered {
  notice: string; party: string; echelon: string; answer: AnswerKind; reason: string; alternatives: Alternative[];
  entry: number; standing: Standing; post: string; relayed: Relayed | null; at_us: number;
}
export interface Heard {
  party: string; echelon: string; standing: Standing; post: string; at_us: number; relayed?: Relayed | null;
  [more: string]: unknown;
}
export interface Agreement {
  notice: string; party: string; agreement: 'agreed' | 'denied' | 'alternative'; reason: string; entry: number; alternatives: Alternative[];
  until_us: number | null; post: string; at_us: number; relayed?: Relayed | null;
}
/** How well a site is known, and when it was last said to be there; null where the reader is not told. */
export interface Verified {
  level: Verification; method: string; by: string; on_us: number; actor: string; post: string; standing: Standing; at_us: number;
}
export type Verification = 'unverified' | 'declared' | 'remote' | 'visited';
export interface Upkeep {
  verification: Verification | null; verified: Verified[]; attested_as_of_us: number | null; attest_by_us: number | null; overdue: boolean; words: string;
}
export type Outcome = 'facilitated' | 'impeded' | 'denied' | 'withdrawn' | 'cancelled';
/** What was said of a movement on its way. */
export type OnItsWay =
  | { event: 'movement_reported'; report: string; at_us: number; flags?: Flag[] }
  | { event: 'outcome_reported'; outcome: Outcome; of: string; leg: number; reason: string; post: string; at_us: number }
  | { event: 'line_called'; line: number; reached: boolean; called_us: number; actor: string; post: string; at_us: number };
export type ChallengeReason = 'wrong_place' | 'wrong_kind' | 'wrong_time' | 'no_longer_there' | 'misused' | 'other';
export interface Challenge {
  entry: number; reason: ChallengeReason; text: string; warning: string; last_entry: number | null; actor: string; post: string; at_us: number;
}
export interface ChallengeAnswer { entry: number; text: string; challenger: string; actor: string; post: string; at_us: number }
/** What of a notice waits for a second post. */
export interface Pending { what: 'filing' | 'removal'; because: string; post: string; entry: number; at_us: number; words: string }
export interface HeldBy { to: string; size: number; entry: number; at: string; at_us: number }
export interface Told { entry: number; at_us: number; to: string[] }
export interface Awaited { rule: string; party: string; echelon: string; by_us: number; calls: number }

export interface NoticeItem {
  id: string; notice: NoticeClass; content: Content; author: string; status: Status; since_us: number; recorded_us: number;
  version: number; flags: Flag[]; release: Release[]; held: HeldBy[]; assented: string[]; checked_until_us: number | null;
  judged: Spoken | null; because: string; may_be_airborne: boolean; words: string[]; told: Told[]; answers: Answered[];
  heard: Heard[]; awaited: Awaited[]; agreements: Agreement[]; upkeep: Upkeep | null;
  course: OnItsWay[]; pending: Pending[]; challenges: Challenge[]; challenge_answers: ChallengeAnswer[];
}

export interface AsOf { size: number; at: string; at_us: number; live: boolean }
export interface Envelope {
  exercise: boolean; as_of: AsOf; compared: number; not_assessed: number; outside: string[]; note: string;
}
export interface NoticePage extends Envelope { items: NoticeItem[]; next: string | null }
export interface NoticeAnswer extends Envelope { item: NoticeItem }

/** A notice as it is drawn; `cover`: it lies somewhere in what is drawn. */
export interface MapItem {
  id: string; notice: NoticeClass; kind: string; name: string; author: string; status: Status; verdict: Verdict | null;
  cover: boolean; words?: string[]; volumes: Volume[];
}
export interface MapCell { middle: Position; sites: number }
export interface MapAnswer extends Envelope { items: MapItem[]; cells: MapCell[]; more: number }

export type OpenWhat = 'answer' | 'blocked' | 'airborne' | 'overdue' | 'expired' | 'area' | 'terms' | (string & {});
export interface OpenItem {
  what: OpenWhat; notice: string; waits_on: string[]; echelon: string; by_us: number | null; since_us: number;
  calls: number; words: string;
}
/** How long an echelon took to read back the last stop or drill that it signed for. */
export interface Measured { party: string; echelon: string; stop: string; took_us: number; at_us: number }
export interface WatchAnswer extends Envelope { items: OpenItem[]; more: number; measured: Measured[] }

export interface Actor { id: string; number: number; name: string; role: Role }
export interface Kind { id: string; notice: NoticeClass; name: string }
export interface Rule {
  shape: string; id: string; between?: string[]; and?: string[];
  minima?: { horizontal_mm: number; vertical_mm: number; time_us: number };
}
export interface Terms {
  title: string; version: number; actors: Actor[]; kinds: Kind[]; rules: Rule[];
  outside?: string[];
  movements?: { flights?: string[]; agreement_of?: string[] };
  stop: { echelons: string[]; steps_us: number[]; read_back_mm: number };
}
export interface PositionTaken {
  actor: string; stance: 'reserves' | 'refuses' | 'suspends' | 'resumes'; text: string; post: string; at_us: number; terms?: string;
}
export interface ProposalItem {
  hash: string; terms: Terms; by: string; post: string; entry: number; at_us: number;
  assents: string[]; waits_on: string[]; agreed_us: number | null; changes: string[];
}
export interface TermsAnswer extends Envelope { origin: string; terms: Terms; hash: string; assents: string[]; positions: PositionTaken[]; suspended: string[]; in_force: boolean; proposals: ProposalItem[] }

export interface TermsTextAnswer extends Envelope { title: string; articles: [string, string[]][] }

export interface LogEvent { event: string; [field: string]: unknown }
export interface ViewItem {
  seq: number; at: string; at_us: number; leaf: string; slot: number; command: boolean; events: LogEvent[];
  salt: string; path: string[];
}
export interface EntryAnswer extends Envelope { item: ViewItem }
export interface Filled { place: Position | null; at_us: number | null; count: number | null; line: string }
export interface Message {
  entry: number; actor: string; post: string; to: string[]; answers: number; urgent: boolean; phrase: string; filled: Filled;
  text: string; language: string; words: string; at_us: number; unanswered: string[]; held: { to: string }[]; relayed?: Relayed | null;
}
export interface Thread { notice: string; between: [string, string]; messages: Message[] }
export interface ThreadsAnswer extends Envelope { language: string; threads: Thread[]; more: number }
export interface Phrase { id: string; words: string; blanks: string[] }
export interface PhrasesAnswer { language: string; right_to_left: boolean; phrases: Phrase[] }
export interface StreamHead { exercise: boolean; size: number; checkpoint: string }

export interface Receipt {
  entry: number; at?: string; at_us?: number; events?: LogEvent[]; recipients?: { id: string; name: string }[];
  checkpoint?: string; leaf?: string;
}
export interface CheckAnswer extends Receipt { judged: Spoken | null; check_note: string }
export interface Health { up: boolean; origin: string; exercise: boolean; size: number; as_of: AsOf; version: string }
export interface Coordinates {
  lon_e7: number; lat_e7: number; uncertainty_mm: number; notation: string; decimal: string; dms: string;
  mgrs: string | null; warnings: string[];
}
