// SPDX-License-Identifier: Apache-2.0
// A resource saved as a file on this machine, as the centre answers it.
import { send } from './http';
import { session } from './session.svelte';

/** Read a resource in this post's session and hand it to the browser to keep. */
export async function save(path: string, name: string): Promise<void> {
  const answer = await session.within((token) => send(path, { token }));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
