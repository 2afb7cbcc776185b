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
  late?: () => Promise<{ default: Component }>;
  /** Reached from elsewhere; not in the strip. */
  unlisted?: true;
}

export const SCREENS: readonly Screen[] = [
  { name: 'watch', title: 'screen.watch', component: Watch },
  { name: 'inbox', title: 'screen.inbox', component: Inbox },
  { name: 'notify', title: 'screen.notify', late: () => import('./Notify.svelte') },
  { name: 'import', title: 'screen.import', late: () => import('./Import.svelte') },
  { name: 'stop', title: 'screen.stop', component: Stop },
  { name: 'hotline', title: 'screen.hotline', late: () => import('./Hotline.svelte') },
  { name: 'incidents', title: 'screen.incidents', late: () => import('./Incidents.svelte') },
  { name: 'daily', title: 'screen.daily', late: () => import('./Daily.svelte') },
  { name: 'replay', title: 'screen.replay', late: () => import('./Replay.svelte') },
  { name: 'log', title: 'screen.log', late: () => import('./Log.svelte') },
  { name: 'terms', title: 'screen.terms', late: () => import('./Terms.svelte') },
  { name: 'layers', title: 'screen.layers', late: () => import('./Layers.svelte') },
  { name: 'desk', title: 'screen.desk', late: () => import('./Desk.svelte') },
  { name: 'lite', title: 'screen.lite', late: () => import('./Lite.svelte') },
  { name: 'item', title: 'screen.item', component: Item, unlisted: true },
];
