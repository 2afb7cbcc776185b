// SPDX-License-Identifier: Apache-2.0
import './fonts.css';
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { texts } from './lib/texts.svelte';
import { themes } from './lib/theme.svelte';

themes.begin();
await texts.begin();
// Off localhost it needs TLS; without it the page works, and a reload needs the line.
if (import.meta.env.PROD) navigator.serviceWorker?.register('/assets/worker.js', { scope: '/' }).catch(() => undefined);
mount(App, { target: document.getElementById('app')! });
