// SPDX-License-Identifier: Apache-2.0
// Light, dark, or as the machine has it.

export const THEMES = ['machine', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
const KEPT = 'standclear/theme';

class Themes {
  theme = $state<Theme>('machine');

  /** As it was chosen here before. */
  begin(): void {
    this.choose(THEMES.find((one) => one === localStorage.getItem(KEPT)) ?? 'machine');
  }

  /** From now on. */
  choose(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(KEPT, theme);
    if (theme === 'machine') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }
}

export const themes = new Themes();
