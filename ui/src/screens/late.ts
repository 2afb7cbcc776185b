// SPDX-License-Identifier: Apache-2.0
// Screens that are fetched together when the first of them is opened: together they pack better than each by itself.
export { default as Daily } from './Daily.svelte';
export { default as Desk } from './Desk.svelte';
export { default as Hotline } from './Hotline.svelte';
export { default as Import } from './Import.svelte';
export { default as Incidents } from './Incidents.svelte';
export { default as Layers } from './Layers.svelte';
export { default as Replay } from './Replay.svelte';
export { default as Terms } from './Terms.svelte';
