import { type Attestation, listInUse } from '../domain/attestation.ts';
import { type EntityId, quote } from '../domain/ids.ts';
import { namesAlias } from '../domain/message.ts';
import type { Registry } from '../domain/registry.ts';
import { type Double, findDoubles } from '../find-doubles.ts';
import { findLookalikes, type ListedText, type Lookalikes } from '../find-lookalikes.ts';
import type { KeptRow, Store } from '../seams.ts';
import { listedTexts } from './addresses-lookalikes.ts';

type Lists = Pick<Store, 'reports' | 'listedRows'>;

/** Distinct messages and labels that are told apart: a list has a handful, a hostile one as many as rows. */
const DISTINCT = 1000;

const NAMED = 5;

/**
 * What to look at in a list that was just kept: an address that is new in it and looks like another that it or any list in use (or
 * the entity's list before) holds, and what it names twice. A sentence each; the rest is counted.
 */
export function listWarnings(
  { store, registry }: { readonly store: Lists; readonly registry: Pick<Registry, 'entities'> },
  list: Pick<Attestation, 'entity' | 'file'>,
): readonly string[] {
  const { entity, file } = list;
  const texts: ListedText[] = [];
  const foreign = new Map<string, number>();
  const unmatched = new Map<string, number>();
  const doubles = findDoubles((addresses) =>
    addresses
      ? store.listedRows(file.sha256, entity, addresses)
      : alsoTexts(store.listedRows(file.sha256, entity), { texts, foreign, unmatched }),
  );
  return [
    ...unmatchedWarnings(unmatched),
    ...foreignWarnings(registry, entity, foreign),
    ...lookalikeWarnings(store, list, texts),
    ...doubleWarnings(doubles),
  ];
}

/** What is put down of the rows as they pass. */
interface Noted {
  readonly texts: ListedText[];
  /** Rows by the message that does not name the entity, and by the label or network that is not known. */
  readonly foreign: Map<string, number>;
  readonly unmatched: Map<string, number>;
}

/** The rows as they come, while what must be said of them is put down: one reading of the list is enough. */
function* alsoTexts(rows: Iterable<KeptRow>, { texts, foreign, unmatched }: Noted): Generator<KeptRow> {
  for (const row of rows) {
    texts.push(...listedTexts('this', [row]));
    const { row: printed, resolved } = row.listed;
    if (printed.message !== null && row.verdict.flags.includes('foreign-message')) count(foreign, printed.message);
    if (resolved.asset === null || resolved.network === null) {
      count(unmatched, printed.network === null ? printed.label : `${printed.label} on ${printed.network}`);
    }
    yield row;
  }
}

function count(counts: Map<string, number>, text: string): void {
  const key = counts.has(text) || counts.size < DISTINCT ? text : '';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, rows) => total + rows, 0);

function unmatchedWarnings(unmatched: ReadonlyMap<string, number>): readonly string[] {
  if (unmatched.size === 0) return [];
  const names = [...unmatched.keys()].filter((name) => name !== '');
  const first = names.slice(0, NAMED).map(quote).join(', ');
  const rows = sum(unmatched.values());
  return [
    `${rows} ${rows === 1 ? 'row carries' : 'rows carry'} a coin or network name that its label book does not know (${first}${unmatched.size > NAMED ? ', …' : ''}): ` +
      'their proofs are not checked and they are not polled; say whose labels these are with `labels` of the entity',
  ];
}

/** Messages that do not name the entity, and which other publishers they do name: a list copied from one that is not kept shows so. */
function foreignWarnings(
  { entities }: Pick<Registry, 'entities'>,
  entity: EntityId,
  foreign: ReadonlyMap<string, number>,
): readonly string[] {
  const own = entities.get(entity);
  const rows = sum(foreign.values());
  if (own === undefined || rows === 0) return [];
  const named = [...entities.values()].flatMap((other) => {
    const its = [...foreign].filter(([message]) => namesAlias(message, other.aliases)).map(([, times]) => times);
    return other.id === entity || its.length === 0 ? [] : [`${sum(its)} name ${other.name}`];
  });
  const whose = named.length === 0 ? '' : ` (${named.join(', ')}: perhaps copied from its list)`;
  return [
    `${rows} ${rows === 1 ? 'row signs' : 'rows sign'} a message that does not name ${own.name}, and so prove nothing for it${whose}`,
  ];
}

function lookalikeWarnings(
  store: Lists,
  { file }: Pick<Attestation, 'entity' | 'file'>,
  texts: readonly ListedText[],
): readonly string[] {
  const kept = store.reports();
  const others = [...new Set(kept.map((one) => one.entity))].flatMap((id) => {
    const own = kept.filter((one) => one.entity === id && one.file.sha256 !== file.sha256);
    return listInUse(own) ?? [];
  });
  const all = function* () {
    yield* texts;
    for (const one of others) yield* listedTexts('another', store.listedRows(one.file.sha256, one.entity));
  };
  const fresh = findLookalikes(all()).lookalikes.filter(({ addresses }) =>
    addresses.some(({ by }) => by.every((list) => list === 'this')),
  );
  return capped(fresh, lookalikeText, 'pairs look alike', 'reservewatch addresses lookalikes');
}

function lookalikeText({ addresses, first, last }: Lookalikes): string {
  const [one, other] = addresses.map(({ address }) => address);
  const more = addresses.length > 2 ? ` and ${addresses.length - 2} others` : '';
  return (
    `${one} and ${other}${more} share their first ${first} and last ${last} characters and are not the same: ` +
    'one may have been copied from a poisoned history'
  );
}

function doubleWarnings(doubles: readonly Double[]): readonly string[] {
  const stakes = doubles.flatMap(({ kind, address, asset, counted, validators }) =>
    validators === null
      ? []
      : `${kind === 'pod' ? 'staking pod' : 'withdrawal address'} ${address} is listed with ${counted ?? 'no amount'} ${asset} beside ` +
        `${validators.rows} validators of ${validators.claimed} ${asset}: perhaps the same coins`,
  );
  const cells = doubles.filter(({ validators }) => validators === null).length;
  const next = 'reservewatch addresses inside';
  return [
    ...capped(stakes, (text) => text, 'stakes are listed beside their owner', next),
    ...(cells === 0
      ? []
      : [`${cells} accounts are listed in several rows of one asset and counted once each; next: ${next}`]),
  ];
}

const capped = <T>(all: readonly T[], say: (one: T) => string, what: string, next: string): readonly string[] => [
  ...all.slice(0, NAMED).map(say),
  ...(all.length > NAMED ? [`${all.length - NAMED} more ${what}; next: ${next}`] : []),
];
