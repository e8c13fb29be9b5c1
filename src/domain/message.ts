/** Month names that date a message together with a year. */
const MONTHS =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';

const FRESH: readonly RegExp[] = [
  // A block height, a time in seconds or ms, or a date without separators such as 20261122.
  /\d{6}/,
  // 2026-11-22, 22.11.2026, 11/2026, 2026-11.
  /(?<!\d)(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?!\d)/,
  /(?<!\d)(?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)\d\d(?!\d)/,
  new RegExp(`(?<![a-z])(?:${MONTHS})[ ,.-]{0,3}(?:\\d{1,2}[a-z]{0,2}[ ,.-]{0,3})?(?:19|20)\\d\\d(?!\\d)`, 'i'),
  // A nonce: 16 or more letters and digits in one piece with at least three digits among them.
  /(?<![0-9A-Za-z])(?=[A-Za-z]*\d[A-Za-z]*\d[A-Za-z]*\d)[0-9A-Za-z]{16}/,
];

/** Longer messages are looked at only this far, so that a hostile one costs nothing. */
const LOOKED_AT = 4096;

/**
 * Whether a signed message is undated: no date (a year alone is none), no number of six digits or more (height, time), no
 * nonce. The row's own address in the text counts as none of them. Such a signature may have been made at any time.
 */
export function isStaticMessage(message: string, addressText: string): boolean {
  const text = addressText === '' ? message : message.slice(0, LOOKED_AT).replaceAll(addressText, ' ');
  return !FRESH.some((pattern) => pattern.test(text.slice(0, LOOKED_AT)));
}

const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Dates as they are written without doubt. Not among them: 3/4/2026, which may be the third of April or the fourth of March, and
 * 20201122, which may be a block of 2024.
 */
const DATES: readonly RegExp[] = [
  /(?<!\d)(?<y>(?:19|20)\d\d)[-/.](?<m>0?[1-9]|1[0-2])[-/.](?<d>0?[1-9]|[12]\d|3[01])(?!\d)/,
  /(?<!\d)(?<d>0?[1-9]|[12]\d|3[01])\.(?<m>0?[1-9]|1[0-2])\.(?<y>(?:19|20)\d\d)(?!\d)/,
  new RegExp(
    `(?<!\\d)(?<d>\\d{1,2})(?:st|nd|rd|th)?[ ,.-]{1,3}(?<m>${MONTHS})[ ,.-]{0,3}(?<y>(?:19|20)\\d\\d)(?!\\d)`,
    'i',
  ),
  new RegExp(
    `(?<![a-z])(?<m>${MONTHS})[ ,.-]{0,3}(?<d>\\d{1,2})(?:st|nd|rd|th)?[ ,.-]{1,3}(?<y>(?:19|20)\\d\\d)(?!\\d)`,
    'i',
  ),
  new RegExp(`(?<![a-z])(?<m>${MONTHS})[ ,.-]{0,3}(?<y>(?:19|20)\\d\\d)(?!\\d)`, 'i'),
  /(?<!\d)(?<y>(?:19|20)\d\d)[-/.](?<m>0?[1-9]|1[0-2])(?!\d)/,
  /(?<![\d/.-])(?<m>0?[1-9]|1[0-2])[-/.](?<y>(?:19|20)\d\d)(?!\d)/,
];

/**
 * The date that a message states, as finely as it does (`2026-11-22`, `2026-11`); null where it states none without doubt or none
 * that exists. The row's own address in the text states nothing.
 */
export function messageDate(message: string, addressText: string): string | null {
  const start = message.slice(0, LOOKED_AT);
  const text = addressText === '' ? start : start.replaceAll(addressText, ' ');
  for (const pattern of DATES) {
    const found = pattern.exec(text)?.groups;
    if (found === undefined) continue;
    const { y = '', m = '', d } = found;
    const byName = MONTH_NAMES.indexOf(m.slice(0, 3).toLowerCase()) + 1;
    const month = byName > 0 ? byName : Number.parseInt(m, 10);
    const year = Number.parseInt(y, 10);
    if (d === undefined) return `${y}-${twoDigits(month)}`;
    const day = Number.parseInt(d, 10);
    const exists = day >= 1 && day <= daysIn(year, month);
    return exists ? `${y}-${twoDigits(month)}-${twoDigits(day)}` : null;
  }
  return null;
}

const twoDigits = (value: number): string => `${value}`.padStart(2, '0');

/** Days of a month (1-12) in the Gregorian calendar. */
function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const LETTER = /[\p{L}\p{M}]/u;

/**
 * Whether a signed message names one of the aliases, as a word: case does not matter, and no letter may touch it on either
 * side (`OKX` is in `OKX_2026` and not in `BOOKX`).
 */
export function namesAlias(message: string, aliases: readonly string[]): boolean {
  const text = message.toLowerCase();
  return aliases.some((alias) => alias !== '' && containsWord(text, alias.toLowerCase()));
}

function containsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
    const after = [...text.slice(at + word.length, at + word.length + 2)][0] ?? '';
    if (!LETTER.test(before) && !LETTER.test(after)) return true;
  }
  return false;
}
