// SPDX-License-Identifier: Apache-2.0
// The screens, in the order in which they stand in the strip. A new one is one line here.
import type { Component } from 'svelte';
import type { TextKey } from '../lib/texts.svelte';
import Log from './Log.svelte';
import Replay from './Replay.svelte';
import Watch from './Watch.svelte';

export interface Screen {
  name: string;
  title: TextKey;
  component: Component;
}

export const SCREENS: readonly Screen[] = [
  { name: 'watch', title: 'screen.watch', component: Watch },
  { name: 'replay', title: 'screen.replay', component: Replay },
  { name: 'log', title: 'screen.log', component: Log },
];
