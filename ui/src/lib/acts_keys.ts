// SPDX-License-Identifier: Apache-2.0
// Keys of posts: let in, some of the work for some time, revoked, and given anew to a post that lost its own.
import { type Draft, draft } from './commands';
import { seated } from './session.svelte';
import type { Mandate } from './wire_desk';

export const invite = (key: string, actor: string, post: string, expires_us: number, mandate: Mandate | null = null): Draft =>
  draft(seated(), 'invite', { public: key, actor, post, expires_us, ...(mandate && { mandate: { ...mandate } }) });
export const revoke = (key: string, reason: string, asked_by: string): Draft => draft(seated(), 'revoke', { key, reason, asked_by });
export const vouchFor = (key: string, actor: string, post: string, reason: string): Draft =>
  draft(seated(), 'vouch', { public: key, actor, post, reason });
export const objectTo = (key: string, reason: string, asked_by: string): Draft =>
  draft(seated(), 'object_to_keys', { key, reason, asked_by });
