/** An address of a list. `place`: the namespace of its chain, within which equal text is one account. */
export interface ListedText {
  readonly place: string;
  readonly address: string;
  readonly by: string;
}

/** Addresses that begin and end alike and are not the same: how address poisoning makes people pick a stranger's. */
export interface Lookalikes {
  readonly place: string;
  readonly addresses: readonly { readonly address: string; readonly by: readonly string[] }[];
  /** Characters that all of them share after the chain's fixed beginning, and at the end. */
  readonly first: number;
  readonly last: number;
  /** How many pairs at least as alike chance alone would make among so many addresses: below `CHANCE`. */
  readonly expected: number;
}

/** How many addresses of one form were compared, and how many of their pairs share four characters at both ends by chance alone. */
export interface Compared {
  readonly place: string;
  readonly form: string;
  readonly addresses: number;
  readonly expectedPairs: number;
}

/** The fewest characters at each end that make two addresses look alike: what wallets and explorers show. */
const SHOWN = 4;
/** A group is reported only where chance alone would make fewer than this many pairs as alike in the whole list. */
export const CHANCE = 0.001;
/** From so many addresses on, how often each place holds which character is counted, not assumed. */
const COUNTED_FROM = 30;
/** Places at each end that are counted. */
const COUNTED_PLACES = 12;
/** Groups above this are not compared pair by pair: nobody needs the pairs, and a crafted list would make too many. */
const MOST_PAIRED = 64;

/**
 * Finds look-alikes among the addresses of lists: the same four or more characters at both ends, other ones between. Two
 * random addresses share 4 + 4 hex digits once in 16⁸ = 4.3·10⁹ pairs, and 200,000 of them make 2·10¹⁰ pairs: five would be
 * reported for nothing. So a pair must be so alike that its like is expected less than once in a thousand lists of that size; how
 * alike, follows from the number of addresses and from what their places really hold (fixed beginnings count for nothing).
 * Linear in the number of addresses. Names and numbers that somebody chose are not compared: they are not random.
 */
export function findLookalikes(listed: Iterable<ListedText>): {
  readonly lookalikes: readonly Lookalikes[];
  readonly compared: readonly Compared[];
} {
  const lookalikes: Lookalikes[] = [];
  const compared: Compared[] = [];
  for (const { place, form, size, start, by } of groupByForm(listed)) {
    const texts = [...by.keys()];
    const odds = measure(texts, start, size);
    const pairs = (texts.length * (texts.length - 1)) / 2;
    compared.push({ place, form, addresses: texts.length, expectedPairs: pairs * odds.chanceOf(SHOWN, SHOWN) });
    for (const bucket of bucketsOf(texts, odds.start)) {
      for (const found of alikeIn(bucket, odds, pairs)) {
        const addresses = found.texts.map((address) => ({ address, by: by.get(address) ?? [] }));
        lookalikes.push({ place, addresses, first: found.first, last: found.last, expected: found.expected });
      }
    }
  }
  return { lookalikes, compared };
}

interface Form {
  readonly form: string;
  /** Characters that are not payload. */
  readonly start: number;
  /** Characters that one place may hold: the fewest that any chain of this form uses, so that chance is never underrated. */
  readonly size: number;
}

/** How an address is written, or null for what is no random text: a name, a number, something short. */
function formOf(address: string): Form | null {
  const colon = address.lastIndexOf(':') + 1;
  const [, mark = '', hex] = /^(0x|hx|cx)?([0-9a-f]{32,})$/.exec(address.slice(colon)) ?? [];
  if (hex !== undefined) return { form: `${mark}hex of ${hex.length}`, start: colon + mark.length, size: 16 };
  if (colon > 0) return { form: address.slice(0, colon), start: colon, size: 32 };
  const [, human, data = ''] = /^((?:[XP]-)?[a-z]{1,20}1)([02-9ac-hj-np-z]{38,})$/.exec(address) ?? [];
  if (human !== undefined) {
    // BIP-141: 20 and 32 bytes behind a witness version are 39 and 59 digits.
    const version = data.length === 39 || data.length === 59 ? 1 : 0;
    return { form: `${human}${data.slice(0, version)}`, start: human.length + version, size: 32 };
  }
  return /^[A-Za-z0-9_-]{25,}$/.test(address) ? { form: `${address[0]}…`, start: 1, size: 32 } : null;
}

interface FormGroup extends Form {
  readonly place: string;
  readonly by: Map<string, string[]>;
}

function groupByForm(listed: Iterable<ListedText>): Iterable<FormGroup> {
  const groups = new Map<string, FormGroup>();
  for (const { place, address, by } of listed) {
    const form = formOf(address);
    if (form === null) continue;
    const key = `${place} ${form.form}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { place, ...form, by: new Map() };
      groups.set(key, group);
    }
    const known = group.by.get(address);
    if (known === undefined) group.by.set(address, [by]);
    else if (!known.includes(by)) known.push(by);
  }
  return groups.values();
}

interface Odds {
  readonly start: number;
  /** The chance that two random addresses share at least so many characters at both ends. */
  chanceOf(first: number, last: number): number;
}

/** Counts which characters stand where; of few addresses it takes every character of the form as equally likely. */
function measure(texts: readonly string[], start: number, size: number): Odds {
  const counts = texts.length >= COUNTED_FROM;
  const chanceAt = (at: (text: string) => string): number =>
    counts ? Math.max(1 / size, chanceOfEqual(texts, at)) : 1 / size;
  const front = Array.from({ length: COUNTED_PLACES }, (_, place) => chanceAt((text) => text[start + place] ?? ''));
  const back = Array.from({ length: COUNTED_PLACES }, (_, place) => chanceAt((text) => text.at(-1 - place) ?? ''));
  // What all of them begin with is no payload.
  const varied = front.findIndex((chance) => chance < 1);
  const fixed = counts ? (varied < 0 ? COUNTED_PLACES : varied) : 0;
  const product = (chances: readonly number[], length: number): number =>
    chances.slice(0, length).reduce((so, chance) => so * chance, 1) * size ** -Math.max(0, length - chances.length);
  return {
    start: start + fixed,
    chanceOf: (first, last) => product(front.slice(fixed), first) * product(back, last),
  };
}

/** The chance that two of the texts hold the same character at a place. */
function chanceOfEqual(texts: readonly string[], at: (text: string) => string): number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(at(text), (counts.get(at(text)) ?? 0) + 1);
  let equal = 0;
  for (const count of counts.values()) equal += count * (count - 1);
  return equal / (texts.length * (texts.length - 1));
}

/** The texts that share the shown characters at both ends, where there are two or more. */
function* bucketsOf(texts: readonly string[], start: number): Generator<readonly string[]> {
  const buckets = new Map<string, string | string[]>();
  for (const text of texts) {
    const key = text.slice(start, start + SHOWN) + text.slice(-SHOWN);
    const known = buckets.get(key);
    if (known === undefined) buckets.set(key, text);
    else if (typeof known === 'string') buckets.set(key, [known, text]);
    else known.push(text);
  }
  for (const bucket of buckets.values()) if (typeof bucket !== 'string') yield bucket;
}

interface Alike {
  readonly texts: readonly string[];
  readonly first: number;
  readonly last: number;
  readonly expected: number;
}

function* alikeIn(bucket: readonly string[], odds: Odds, pairs: number): Generator<Alike> {
  const isLarge = bucket.length > MOST_PAIRED;
  const groups = isLarge ? [bucket] : pairsOf(bucket);
  for (const texts of groups) {
    const { first, last } = sharedOf(texts, odds.start);
    const chance = odds.chanceOf(first, last);
    // As many characters may be shared in other shares of the two ends, each as unlikely.
    const expected = isLarge
      ? chance ** (bucket.length - 1)
      : pairs * chance * Math.max(1, first + last - 2 * SHOWN + 1);
    if (expected < CHANCE) yield { texts, first, last, expected };
  }
}

function* pairsOf(texts: readonly string[]): Generator<readonly string[]> {
  for (const [at, one] of texts.entries()) for (const other of texts.slice(at + 1)) yield [one, other];
}

/** How many characters all of the texts share at both ends, none counted twice. */
function sharedOf(texts: readonly string[], start: number): { readonly first: number; readonly last: number } {
  const [one = '', ...others] = texts;
  const shortest = Math.min(...texts.map(({ length }) => length)) - start;
  const all = (at: (text: string) => string | undefined): boolean => others.every((text) => at(text) === at(one));
  let first = 0;
  while (first < shortest && all((text) => text[start + first])) first += 1;
  let last = 0;
  while (last < shortest - first && all((text) => text.at(-1 - last))) last += 1;
  return { first, last };
}
