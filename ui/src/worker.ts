// SPDX-License-Identifier: Apache-2.0
// Keeps the page itself, so that it opens without a line. It answers nothing about notices and nothing that is sent:
// what a post has read is kept by the page (`lib/kept.ts`), and everything but the page's own parts passes by here.

interface Extendable extends Event { waitUntil(what: Promise<unknown>): void }
interface Fetching extends Extendable { readonly request: Request; respondWith(what: Promise<Response>): void }
declare const self: {
  addEventListener(type: 'install' | 'activate', doing: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', doing: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
};

const CACHE = 'standclear';
const PAGE = '/';
const PART = /(?:assets\/|\.\/)([A-Za-z0-9_.-]+\.(?:js|css|woff2|svg|json))/g;

self.addEventListener('install', (event) => event.waitUntil(fetched().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== self.location.origin) return;
  if (pathname === PAGE) event.respondWith(page());
  else if (pathname.startsWith('/assets/')) event.respondWith(part(event.request));
});

/** The page as it is served now; as it was kept, where nothing answers. */
async function page(): Promise<Response> {
  try {
    const answer = await fetch(PAGE, { cache: 'no-store' });
    if (answer.ok && (await changed(answer.clone()))) await fetched();
    return answer;
  } catch (error) {
    const kept = await (await caches.open(CACHE)).match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

/** A part, whose name changes with its content: as it was kept, or fetched and kept. */
async function part(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request.url, answer.clone());
  return answer;
}

async function changed(answer: Response): Promise<boolean> {
  const kept = await (await caches.open(CACHE)).match(PAGE);
  return (await kept?.text()) !== (await answer.text());
}

/** Keep the page and every part that it or one of its parts names; forget those of an earlier page. */
async function fetched(): Promise<void> {
  const cache = await caches.open(CACHE);
  const page = await fetch(PAGE, { cache: 'no-store' });
  if (!page.ok) return;
  const wanted = new Set<string>();
  let left = named(await page.clone().text());
  while (left.length) {
    const found: string[] = [];
    for (const path of left) {
      if (wanted.has(path)) continue;
      wanted.add(path);
      const kept = (await cache.match(path)) ?? (await fetch(path));
      if (!kept.ok) continue;
      await cache.put(path, kept.clone());
      if (/\.(js|css)$/.test(path)) found.push(...named(await kept.text()));
    }
    left = found;
  }
  for (const { url } of await cache.keys()) if (!wanted.has(new URL(url).pathname)) await cache.delete(url);
  await cache.put(PAGE, page);
}

function named(text: string): string[] {
  return [...text.matchAll(PART)].map((found) => `/assets/${found[1]}`);
}

export {};
