import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OperationCounts } from '../src/lib/curve-work.ts';
import { loadRegistry } from '../src/load-registry.ts';
import { HEADER_11 } from './evm-rows.ts';
import { rowsOf, rowsOfAllSchemes, slowRows } from './mixed-rows.ts';

/** Rows of a month's list of a large exchange. */
export const MIXED_ROWS = 212_000;

/** Bulk of such a list; what is left to the whole lists accounts of the first kind again, under a token. */
const BULK = { evm: 80_000, tron: 40_000, bitcoin: 40_000, ed25519: 20_000, listed: 20_000, schnorr: 1_000 } as const;
/** Signatures that are slow to check: 40 ms a BLS one in JavaScript. */
const SLOW = [
  ['ethereum-beacon', 'BETH', 300],
  ['starknet', 'STARKNET', 500],
] as const;

type Kind = keyof typeof BULK | 'bls12-381' | 'starknet' | 'again' | 'any';

interface MixedRow {
  readonly kind: Kind;
  readonly text: string;
}

/** A list and how many distinct signatures of each kind it holds: what a run must cost in operations. */
export interface MixedList {
  readonly path: string;
  readonly rows: number;
  readonly recoveries: number;
  readonly others: OperationCounts;
}

/** Where the lists go: the whole month, its first half (no row of `all`), slow rows alone, and a row of every scheme, once and twice. */
export interface MixedPaths {
  readonly whole: string;
  readonly half: string;
  readonly slow: string;
  readonly every: string;
  readonly twice: string;
}

/** Signs and writes the lists. */
export async function writeMixedLists(paths: MixedPaths): Promise<Readonly<Record<keyof MixedPaths, MixedList>>> {
  const loaded = loadRegistry();
  const book = loaded.ok ? loaded.value.labelBooks.get('okx') : undefined;
  if (!loaded.ok || book === undefined) throw new Error('the shipped registry has no labels of okx');
  const every: MixedRow[] = [];
  for await (const text of rowsOfAllSchemes(loaded.value, book)) every.push({ kind: 'any', text });
  const slow: MixedRow[] = [];
  for (const [slug, coin, count] of SLOW) {
    const kind = coin === 'BETH' ? 'bls12-381' : 'starknet';
    for await (const text of slowRows(loaded.value, slug, coin, count)) slow.push({ kind, text });
  }
  const bulk = Object.entries(BULK).map(([kind, count]) =>
    // Listed rows are of other accounts than signed ones.
    [...rowsOf(kind, count, kind === 'listed' ? 1_000_000 : 0)].map((text): MixedRow => ({ kind: kind as Kind, text })),
  );
  const again = (bulk[0] as readonly MixedRow[])
    .slice(0, MIXED_ROWS - every.length - slow.length - bulk.reduce((sum, { length }) => sum + length, 0))
    .map(({ text }): MixedRow => ({ kind: 'again', text: text.replace('ETH,', 'USDT-ERC20,') }));
  const mixed = spread([...bulk, slow, again]);
  const half = mixed.slice(0, MIXED_ROWS / 2);
  return {
    whole: await writeList(paths.whole, [...mixed, ...every]),
    half: await writeList(paths.half, half),
    slow: await writeList(paths.slow, slow),
    every: await writeList(paths.every, every),
    twice: await writeList(paths.twice, [...every, ...every]),
  };
}

/** Rows of all kinds evenly over the list, as a list by coin has them. */
function spread(kinds: readonly (readonly MixedRow[])[]): readonly MixedRow[] {
  const placed = kinds.flatMap((rows) => rows.map((row, at) => ({ row, place: (at + 0.5) / rows.length })));
  return placed.sort((a, b) => a.place - b.place).map(({ row }) => row);
}

async function writeList(path: string, rows: readonly MixedRow[]): Promise<MixedList> {
  await pipeline(Readable.from([`${HEADER_11}\n`, ...rows.map(({ text }) => text)]), createWriteStream(path));
  const distinct = (kind: Kind): number => new Set(rows.filter((row) => row.kind === kind).map(cellOf)).size;
  const others = (['ed25519', 'schnorr', 'bls12-381', 'starknet'] as const)
    .map((kind) => [kind, distinct(kind)] as const)
    .filter(([, count]) => count > 0);
  // An account that stands here again under a token costs nothing, unless its first row is elsewhere.
  const evm = new Set(rows.filter(({ kind }) => kind === 'evm' || kind === 'again').map(cellOf)).size;
  return {
    path,
    rows: rows.length,
    recoveries: evm + distinct('tron') + distinct('bitcoin'),
    others: Object.fromEntries(others),
  };
}

/** The signature cell. */
const cellOf = ({ text }: MixedRow): string => text.split(',')[6] as string;
