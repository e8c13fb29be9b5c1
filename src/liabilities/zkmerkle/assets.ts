import { quote } from '../../domain/ids.ts';
import type { Rate } from '../bn254/poseidon.ts';
import type { Checklist } from '../checklist.ts';
import { AMOUNT_LIMIT } from './read.ts';

/** What a circuit's hashes of lists depend on. */
export interface CircuitSize {
  /** Assets that it commits to. */
  readonly slots: number;
  /** Inputs of one permutation; 12 where it is left out. */
  readonly rate?: Rate;
  /** Whether an account is hashed with every asset in its place, where else only those are that it has, with their positions. */
  readonly dense?: boolean;
  /** What is to be said of an account that is hashed so. */
  readonly note?: string;
}

/** What the exchange says that it owes in one asset, in smallest units, and the price that it counts with. */
export interface ListedAsset {
  readonly symbol: string;
  readonly equity: bigint;
  readonly debt: bigint;
  readonly price: bigint;
  /** Amounts besides, which the circuit keeps below 2^64 too. */
  readonly further: readonly bigint[];
  /** What of the asset the circuit would not accept; null where all is well, absent where it demands nothing. */
  readonly fault?: string | null;
}

/** A published list of assets by position, as far as every exchange of the family needs it. */
export interface AssetList {
  readonly file: string;
  readonly assets: readonly ListedAsset[];
  /** The commitment to the list, filled up to the circuit's number of assets; with `empty`, to the same list before the first account. */
  readonly commit: (circuit: CircuitSize, empty: boolean) => bigint;
}

/** The longest name of a coin that is read; names may be in any script (an exchange lists a coin named in Chinese). */
const MAX_SYMBOL = 64;

/** Whether a JSON value can be a coin's name. Untrusted text: to be shown escaped. */
export const isSymbol = (text: unknown): text is string =>
  typeof text === 'string' && text.length > 0 && text.length <= MAX_SYMBOL;

/** Whether customers hold or owe anything of an asset. */
export const isUsed = ({ equity, debt }: ListedAsset): boolean => equity > 0n || debt > 0n;

/** Checks a list by itself: one name an asset, amounts within 64 bits, no more debt than equity, what its circuit demands besides. */
export function checkAssets({ assets }: AssetList, checks: Checklist): boolean {
  const names = new Set<string>();
  // Places that are not used yet may share a name such as `reserved`.
  const twice = assets.find((asset) => {
    if (!isUsed(asset)) return false;
    const again = names.has(asset.symbol.toLowerCase());
    names.add(asset.symbol.toLowerCase());
    return again;
  });
  const large = assets.find((asset) =>
    [asset.equity, asset.debt, asset.price, ...asset.further].some((value) => value >= AMOUNT_LIMIT),
  );
  const short = assets.find(({ equity, debt }) => equity < debt);
  const odd = assets.find(({ fault }) => typeof fault === 'string');
  return (
    checks.require('asset-names', twice === undefined, `no two assets have one name${but(twice)}`) &&
    checks.require('asset-amounts', large === undefined, `every number is below 2^64${but(large)}`) &&
    checks.require('asset-debts', short === undefined, `no asset has more debt than equity${but(short)}`) &&
    (assets.every(({ fault }) => fault === undefined) ||
      checks.require(
        'asset-terms',
        odd === undefined,
        odd?.fault ? `${quote(odd.symbol)}: ${odd.fault}` : 'ratios are in order',
      ))
  );
}

const but = (wrong: ListedAsset | undefined): string =>
  wrong === undefined ? '' : `, but not so for ${quote(wrong.symbol)}`;

/** The same function, each of its values computed once. */
export function computedOnce(commit: AssetList['commit']): AssetList['commit'] {
  const known = new Map<string, bigint>();
  return (circuit, empty) => {
    const name = `${circuit.slots} ${circuit.rate ?? ''} ${empty}`;
    const made = known.get(name) ?? commit(circuit, empty);
    known.set(name, made);
    return made;
  };
}
