import { type Json, field as member, smallInteger } from '../../lib/json.ts';
import { poseidon } from '../bn254/poseidon.ts';
import { wordFromBase64, wordFromHex } from '../bn254/scalar.ts';
import type { AssetList, CircuitSize } from '../zkmerkle/assets.ts';
import type { UserFile } from '../zkmerkle/inclusion.ts';
import { DEPTH } from '../zkmerkle/path.ts';
import { listOf, naturalOf, naturalsOf, packByThree } from '../zkmerkle/read.ts';
import { type BinanceAsset, COLLATERALS, type Collateral, SLOTS } from './assets.ts';
import { countCollateral } from './tiers.ts';

interface Holding {
  readonly index: number;
  readonly equity: bigint;
  readonly debt: bigint;
  readonly pledged: Readonly<Record<Collateral, bigint>>;
}

/** Sizes of the exchange's circuits: an account is filled up to the first that holds its assets (`AssetCountsTiers`). */
const SIZES = [50, SLOTS];

/** What a loan is called; the second is the name in drafts of the summer of 2024. */
const LOANS = ['Loan', 'VipLoan'] as const;

/** Reads a customer's `user_config.json`; a text says what is wrong with its shape, and nothing of what it holds. */
export function readUserFile(json: Json): UserFile | string {
  const position = naturalOf(json, 'AccountIndex');
  if (position === null || position >= 1n << 32n) return 'AccountIndex is not a number below 2^32';
  const id = wordFromHex(member(json, 'AccountIdHash'));
  if (id === null) return 'AccountIdHash is not 64 hex digits';
  const totals = naturalsOf(json, ['TotalEquity', 'TotalDebt', 'TotalCollateral']);
  if (typeof totals === 'string') return `${totals} is not a natural number`;
  const { TotalEquity: equity, TotalDebt: debt, TotalCollateral: collateral } = totals;
  const root = wordFromHex(member(json, 'Root'));
  if (root === null) return 'Root is not 64 hex digits';
  const siblings = listOf(member(json, 'Proof'), DEPTH)?.map(wordFromBase64);
  if (siblings?.length !== DEPTH || !siblings.every((word) => word !== null))
    return `Proof is not a list of ${DEPTH} hashes in base64`;
  const holdings = readHoldings(json);
  if (typeof holdings === 'string') return holdings;
  return {
    ...{ id, position, root, siblings, values: [equity, debt, collateral] },
    solvent: debt <= collateral && holdings.every((holding) => sumOf(holding) <= holding.equity),
    indexes: holdings.map(({ index }) => index),
    amounts: holdings.flatMap((holding) => [
      holding.equity,
      holding.debt,
      ...COLLATERALS.map((kind) => holding.pledged[kind]),
    ]),
    leaf: (circuit) =>
      poseidon([
        ...[id, equity, debt, collateral],
        poseidon(packByThree(circuit.dense ? inPlaces(holdings, circuit) : fillUp(holdings))),
      ]),
    totals: {
      addsUp: (list) => {
        const worth = worthOf(holdings, list);
        return worth.equity === equity && worth.debt === debt && worth.collateral === collateral;
      },
      within: ({ assets }) =>
        holdings.every((holding) => isWithin(holding, assets[holding.index] as BinanceAsset | undefined)),
    },
  };
}

function readHoldings(json: Json): readonly Holding[] | string {
  const items = listOf(member(json, 'Assets'), SLOTS);
  if (items === null) return `Assets is not a list of at most ${SLOTS} assets`;
  const holdings: Holding[] = [];
  for (const item of items) {
    const index = smallInteger(member(item, 'Index'));
    // Only one of two amounts would be hashed, and the other shown.
    const [loan = 'Loan', second] = LOANS.filter((name) => member(item, name) !== undefined);
    if (second !== undefined) return 'an item of Assets has both Loan and VipLoan';
    const read = naturalsOf(item, ['Equity', 'Debt', loan, 'Margin', 'PortfolioMargin']);
    if (index === undefined || index < 0 || index >= 1 << 16 || typeof read === 'string')
      return 'an item of Assets has no Index below 2^16, or an amount is not a natural number';
    const pledged = { loan: read[loan], margin: read.Margin, portfolio: read.PortfolioMargin };
    holdings.push({ index, equity: read.Equity, debt: read.Debt, pledged });
  }
  return holdings;
}

const sumOf = ({ pledged }: Holding): bigint => COLLATERALS.reduce((sum, kind) => sum + pledged[kind], 0n);

/** The account's assets and as many of the lowest others, empty, as its circuit takes: position, equity, debt and what is pledged. */
function fillUp(holdings: readonly Holding[]): readonly bigint[] {
  const size = SIZES.find((slots) => holdings.length <= slots) ?? SLOTS;
  let missing = size - holdings.length;
  let next = 0;
  const flat: bigint[] = [];
  const fillTo = (index: number): void => {
    for (; missing > 0 && next < index; missing--, next++) flat.push(BigInt(next), 0n, 0n, 0n, 0n, 0n);
    next = index + 1;
  };
  for (const { index, equity, debt, pledged } of holdings) {
    fillTo(index);
    flat.push(BigInt(index), equity, debt, ...COLLATERALS.map((kind) => pledged[kind]));
  }
  fillTo(next + missing);
  return flat;
}

/** Every asset of the circuit in its place, without its position. */
function inPlaces(holdings: readonly Holding[], { slots }: CircuitSize): readonly bigint[] {
  const flat = Array<bigint>(5 * slots).fill(0n);
  for (const { index, equity, debt, pledged } of holdings)
    flat.splice(5 * index, 5, equity, debt, ...COLLATERALS.map((kind) => pledged[kind]));
  return flat;
}

/** What the circuit makes of the amounts at the list's prices and collateral tables. */
function worthOf(holdings: readonly Holding[], { assets }: AssetList) {
  let [equity, debt, collateral] = [0n, 0n, 0n];
  for (const holding of holdings) {
    const asset = assets[holding.index] as BinanceAsset | undefined;
    if (asset === undefined) continue;
    equity += holding.equity * asset.price;
    debt += holding.debt * asset.price;
    for (const kind of COLLATERALS)
      collateral += countCollateral(holding.pledged[kind] * asset.price, asset.tiers[kind]);
  }
  return { equity, debt, collateral };
}

function isWithin(holding: Holding, asset: BinanceAsset | undefined): boolean {
  if (asset === undefined) return holding.equity + holding.debt + sumOf(holding) === 0n;
  return (
    holding.equity <= asset.equity &&
    holding.debt <= asset.debt &&
    COLLATERALS.every((kind) => holding.pledged[kind] <= asset.pledged[kind])
  );
}
