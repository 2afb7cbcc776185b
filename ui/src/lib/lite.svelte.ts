// SPDX-License-Identifier: Apache-2.0
// Whether this browser does without the map: for a thin line, a small telephone, a page that is to be printed.

const KEPT = 'standclear/lite';

class Lite {
  on = $state(localStorage.getItem(KEPT) === 'on');

  choose(on: boolean): void {
    this.on = on;
    if (on) localStorage.setItem(KEPT, 'on');
    else localStorage.removeItem(KEPT);
  }
}

export const lite = new Lite();
