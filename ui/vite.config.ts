// SPDX-License-Identifier: Apache-2.0
// One page into the Python package. Nothing is inlined, because the page's policy allows nothing inline.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

// `npm run dev` beside a running centre: STANDCLEAR_URL says where it is.
declare const process: { env: Record<string, string | undefined> };
const centre = process.env['STANDCLEAR_URL'] ?? 'http://127.0.0.1:8620';

/** Packs but English go without their keys, which all have in one order (`npm run texts`): a fifth of what is sent. */
const withoutKeys: Plugin = {
  name: 'texts-without-keys',
  enforce: 'pre',
  transform: (code, id) => (/texts.(?!en)[a-z]{2}\.json$/.test(id) ? { code: JSON.stringify(Object.values(JSON.parse(code) as object)), map: null } : undefined),
};

export default defineConfig({
  logLevel: 'warn',
  plugins: [withoutKeys, svelte()],
  server: { proxy: { '/v1': centre, '/log': centre } },
  build: {
    outDir: '../src/standclear/web/static',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: { index: 'index.html', worker: 'src/worker.ts' },
      // The worker keeps its name: a browser asks for it by the name under which it was registered.
      output: {
        // What several screens need is one part: many small ones pack worse, and each is asked for on its own.
        codeSplitting: { groups: [{ name: 'shared', test: /src.(lib|parts|map.Late)/, minShareCount: 2 }] },
        entryFileNames: (one) => `assets/${one.name === 'worker' ? 'worker.js' : '[name]-[hash].js'}`,
      },
    },
  },
});
