// SPDX-License-Identifier: Apache-2.0
// The screens, in the order in which they stand in the strip. A new one is one line here.
import type { Component } from 'svelte';
import type { TextKey } from '../lib/texts.svelte';
import Hotline from './Hotline.svelte';
import Import from './Import.svelte';
import Inbox from './Inbox.svelte';
import Item from './Item.svelte';
import Lite from './Lite.svelte';
import Log from './Log.svelte';
import Notify from './Notify.svelte';
import Replay from './Replay.svelte';
import Stop from './Stop.svelte';
import Terms from './Terms.svelte';
import Watch from './Watch.svelte';

export interface Screen {
  name: string;
  title: TextKey;
  component: Component;
  /** Reached from elsewhere; not in the strip. */
  unlisted?: true;
}

export const SCREENS: readonly Screen[] = [
  { name: 'watch', title: 'screen.watch', component: Watch },
  { name: 'inbox', title: 'screen.inbox', component: Inbox },
  { name: 'notify', title: 'screen.notify', component: Notify },
  { name: 'import', title: 'screen.import', component: Import },
  { name: 'stop', title: 'screen.stop', component: Stop },
  { name: 'hotline', title: 'screen.hotline', component: Hotline },
  { name: 'replay', title: 'screen.replay', component: Replay },
  { name: 'log', title: 'screen.log', component: Log },
  { name: 'terms', title: 'screen.terms', component: Terms },
  { name: 'lite', title: 'screen.lite', component: Lite },
  { name: 'item', title: 'screen.item', component: Item, unlisted: true },
];
