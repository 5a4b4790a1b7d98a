/** Languages and the choice among them. */
import { en } from './en.js';
import { ko } from './ko.js';
import type { Texts } from './texts.js';

export type { Texts } from './texts.js';

/** Every language there is; the first is the fallback. */
export const LOCALES: readonly Texts[] = [en, ko];

/** The texts of the first wanted tag that there is: exactly, else its language, else English. */
export function chooseTexts(wanted: readonly string[]): Texts {
  for (const tag of wanted) {
    const lower = tag.toLowerCase();
    const language = lower.split(/[-_]/)[0];
    const found = LOCALES.find((texts) => texts.tag === lower) ?? LOCALES.find((texts) => texts.tag === language);
    if (found) return found;
  }
  return en;
}
