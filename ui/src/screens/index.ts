// SPDX-License-Identifier: Apache-2.0
// The screens, in the order in which they stand in the strip. A new one is one line here. What has to be there at once is
// part of the page; the others are fetched when they are first opened.
import type { Component } from 'svelte';
import type { TextKey } from '../lib/texts.svelte';
import Inbox from './Inbox.svelte';
import Item from './Item.svelte';
import Stop from './Stop.svelte';
import Watch from './Watch.svelte';

export interface Screen {
  name: string;
  title: TextKey;
  component?: Component;
  late?: () => Promise<Component>;
  /** Reached from elsewhere; not in the strip. */
  unlisted?: true;
}

export const SCREENS: readonly Screen[] = [
  { name: 'watch', title: 'screen.watch', component: Watch },
  { name: 'inbox', title: 'screen.inbox', component: Inbox },
  { name: 'notify', title: 'screen.notify', late: () => import('./Notify.svelte').then(({ default: Notify }) => Notify) },
  { name: 'import', title: 'screen.import', late: () => import('./late').then(({ Import }) => Import) },
  { name: 'stop', title: 'screen.stop', component: Stop },
  { name: 'hotline', title: 'screen.hotline', late: () => import('./late').then(({ Hotline }) => Hotline) },
  { name: 'incidents', title: 'screen.incidents', late: () => import('./late').then(({ Incidents }) => Incidents) },
  { name: 'daily', title: 'screen.daily', late: () => import('./late').then(({ Daily }) => Daily) },
  { name: 'replay', title: 'screen.replay', late: () => import('./late').then(({ Replay }) => Replay) },
  { name: 'log', title: 'screen.log', late: () => import('./Log.svelte').then(({ default: Log }) => Log) },
  { name: 'terms', title: 'screen.terms', late: () => import('./late').then(({ Terms }) => Terms) },
  { name: 'layers', title: 'screen.layers', late: () => import('./late').then(({ Layers }) => Layers) },
  { name: 'desk', title: 'screen.desk', late: () => import('./late').then(({ Desk }) => Desk) },
  { name: 'lite', title: 'screen.lite', late: () => import('./Lite.svelte').then(({ default: Lite }) => Lite) },
  { name: 'item', title: 'screen.item', component: Item, unlisted: true },
];
