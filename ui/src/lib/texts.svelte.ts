// SPDX-License-Identifier: Apache-2.0
// Texts in six languages, with the plural forms of each. `scripts/check-texts.mjs` keeps the packs whole.
import en from '../../texts/en.json';

export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', ru: 'Русский', uk: 'Українська', ar: 'العربية' } as const;
export type Language = keyof typeof LANGUAGES;
export type TextKey = keyof typeof en;
type Pack = Record<TextKey, string | Record<string, string>>;
type Values = Record<string, string | number>;

/** Texts in the order of English keys; the keys themselves are not sent again (`vite.config.ts`). */
const packs = import.meta.glob<{ default: Pack[TextKey][] }>(['../../texts/*.json', '!../../texts/en.json']);
const KEPT = 'standclear/language';
/** Unicode's first-strong isolate, and the end of it. */
const [APART, AGAIN] = [String.fromCodePoint(0x2068), String.fromCodePoint(0x2069)];
const RIGHT_TO_LEFT = /[\u0590-\u08ff]/;

class Texts {
  language = $state<Language>('en');
  #pack = $state.raw<Pack>(en);

  /** Begin with the language that was chosen here before, or that the browser asks for. */
  begin(): Promise<void> {
    const wished = [localStorage.getItem(KEPT) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
    return this.choose(wished.find(isLanguage) ?? 'en');
  }

  /** Speak another language from now on. */
  async choose(language: Language): Promise<void> {
    const pack = await packs[`../../texts/${language}.json`]?.();
    this.#pack = pack ? (Object.fromEntries(Object.keys(en).map((key, i) => [key, pack.default[i]])) as Pack) : en;
    this.language = language;
    localStorage.setItem(KEPT, language);
    document.documentElement.lang = language;
    document.documentElement.dir = this.direction;
  }

  get direction(): 'ltr' | 'rtl' {
    return this.language === 'ar' ? 'rtl' : 'ltr';
  }

  /** A text with its places filled in; `n` chooses the plural form. */
  say(key: TextKey, values: Values = {}): string {
    const text = this.#pack[key];
    const number = Number(values['n'] ?? 0);
    const form = typeof text === 'string' ? text : (text[new Intl.PluralRules(this.language).select(number)] ?? '');
    return form.replace(/\{([a-z]+)\}/g, (_, place: string) => {
      const value = values[place] ?? '';
      // Amounts are grouped; numbers that name something, as that of an entry, are not.
      return this.#apart(typeof value === 'number' && place === 'n' ? this.number(value) : String(value));
    });
  }

  /** Keep what is filled in to its own direction, where it would otherwise turn what stands around it. */
  #apart(value: string): string {
    return this.direction === 'rtl' || RIGHT_TO_LEFT.test(value) ? `${APART}${value}${AGAIN}` : value;
  }

  /** A number as the language writes it. */
  number(value: number, digits = 0): string {
    return new Intl.NumberFormat(this.locale, { maximumFractionDigits: digits }).format(value);
  }

  /** A number with its unit, as the language writes it. */
  unit(value: number, unit: 'meter' | 'kilometer', digits = 0): string {
    return new Intl.NumberFormat(this.locale, { style: 'unit', unit, maximumFractionDigits: digits }).format(value);
  }

  /** Latin digits everywhere: coordinates and times are read out over the telephone. */
  get locale(): string {
    return `${this.language}-u-nu-latn`;
  }
}

function isLanguage(tag: string): tag is Language {
  return tag in LANGUAGES;
}

export const texts = new Texts();

/** A text in the language of the page. */
export function t(key: TextKey, values?: Values): string {
  return texts.say(key, values);
}

/** A text of a family whose last part comes over the wire; that part itself where there is no such text. */
export function tOf(family: string, part: string, values?: Values): string {
  const key = `${family}.${part}`;
  return key in en ? texts.say(key as TextKey, values) : part;
}
