import { type Attestation, listInUse } from '../domain/attestation.ts';
import { type Double, findDoubles } from '../find-doubles.ts';
import { findLookalikes, type ListedText, type Lookalikes } from '../find-lookalikes.ts';
import type { KeptRow, Store } from '../seams.ts';
import { listedTexts } from './addresses-lookalikes.ts';

type Lists = Pick<Store, 'reports' | 'listedRows'>;

const NAMED = 5;

/**
 * What to look at in a list that was just kept: an address that is new in it and looks like another that it or any list in use (or
 * the entity's list before) holds, and what it names twice. A sentence each; the rest is counted.
 */
export function listWarnings(
  { store }: { readonly store: Lists },
  list: Pick<Attestation, 'entity' | 'file'>,
): readonly string[] {
  const { entity, file } = list;
  const texts: ListedText[] = [];
  const doubles = findDoubles((addresses) =>
    addresses
      ? store.listedRows(file.sha256, entity, addresses)
      : alsoTexts(store.listedRows(file.sha256, entity), texts),
  );
  return [...lookalikeWarnings(store, list, texts), ...doubleWarnings(doubles)];
}

/** The rows as they come, while their addresses are put down: one reading of the list is enough. */
function* alsoTexts(rows: Iterable<KeptRow>, texts: ListedText[]): Generator<KeptRow> {
  for (const row of rows) {
    texts.push(...listedTexts('this', [row]));
    yield row;
  }
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
