// SPDX-License-Identifier: Apache-2.0
// Where in the interface this tab is: `#/screen/what?key=value`, so that every view has an address.

class Route {
  screen = $state('watch');
  what = $state('');
  query = $state.raw(new URLSearchParams());

  constructor() {
    this.#read();
    addEventListener('hashchange', () => this.#read());
  }

  /** Change one value of the address without leaving a step behind. */
  set(key: string, value: string): void {
    const query = new URLSearchParams(this.query);
    if (value) query.set(key, value);
    else query.delete(key);
    history.replaceState(null, '', to(this.screen, this.what, query));
    this.query = query;
  }

  #read(): void {
    const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
    const [screen = '', what = ''] = path.split('/');
    this.screen = screen || 'watch';
    this.what = decodeURIComponent(what);
    this.query = new URLSearchParams(query);
  }
}

/** The address of a screen. */
export function to(screen: string, what = '', query?: URLSearchParams): string {
  const said = query?.toString();
  return `#/${screen}${what ? `/${encodeURIComponent(what)}` : ''}${said ? `?${said}` : ''}`;
}

export const route = new Route();
