// SPDX-License-Identifier: Apache-2.0
// What this browser keeps: posts with their keys, the outbox, heads of logs that were checked, and last answers. IndexedDB, promised.

export type Store = 'posts' | 'outbox' | 'heads' | 'answers';
const STORES: readonly Store[] = ['posts', 'outbox', 'heads', 'answers'];
let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open('standclear', 3);
    asked.onupgradeneeded = () => {
      const missing = STORES.filter((store) => !asked.result.objectStoreNames.contains(store));
      for (const store of missing) asked.result.createObjectStore(store, { keyPath: 'id' });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function request<T>(store: Store, mode: IDBTransactionMode, ask: (at: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction(store, mode);
  const asked = ask(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

/** Everything in a store, by id. */
export function all<T>(store: Store): Promise<T[]> {
  return request<T[]>(store, 'readonly', (at) => at.getAll());
}

/** Keep a value under its `id`. */
export async function put(store: Store, value: { id: string }): Promise<void> {
  await request(store, 'readwrite', (at) => at.put(value));
}

/** Forget a value. */
export async function remove(store: Store, id: string): Promise<void> {
  await request(store, 'readwrite', (at) => at.delete(id));
}
