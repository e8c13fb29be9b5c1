import { type Json, field as member, smallInteger } from '../../lib/json.ts';
import { poseidon } from '../bn254/poseidon.ts';
import { wordFromBase64, wordFromHex } from '../bn254/scalar.ts';
import type { AssetList, CircuitSize } from '../zkmerkle/assets.ts';
import type { UserFile } from '../zkmerkle/inclusion.ts';
import { DEPTH } from '../zkmerkle/path.ts';
import { listOf, naturalOf, naturalsOf, packByThree } from '../zkmerkle/read.ts';

interface Holding {
  readonly index: number;
  readonly equity: bigint;
  readonly debt: bigint;
}

const MAX_ASSETS = 800;

/** What an exchange calls the members of a customer's file. */
export interface UserKeys {
  readonly position: string;
  readonly id: string;
  readonly equity: string;
  readonly debt: string;
  readonly root: string;
  readonly siblings: string;
  readonly assets: string;
}

/** Reads a customer's `user_config.json`; a text says what is wrong with its shape, and nothing of what it holds. */
export function readUserFile(json: Json, keys: UserKeys): UserFile | string {
  const position = naturalOf(json, keys.position);
  if (position === null || position >= 1n << 32n) return `${keys.position} is not a number below 2^32`;
  const id = wordFromHex(member(json, keys.id));
  if (id === null) return `${keys.id} is not 64 hex digits`;
  const equity = naturalOf(json, keys.equity);
  const debt = naturalOf(json, keys.debt);
  if (equity === null || debt === null) return `${keys.equity} or ${keys.debt} is not a natural number`;
  const root = wordFromHex(member(json, keys.root));
  if (root === null) return `${keys.root} is not 64 hex digits`;
  const siblings = listOf(member(json, keys.siblings), DEPTH)?.map(wordFromBase64);
  if (siblings?.length !== DEPTH || !siblings.every((word) => word !== null))
    return `${keys.siblings} is not a list of ${DEPTH} hashes in base64`;
  const holdings = readHoldings(json, keys.assets);
  if (typeof holdings === 'string') return holdings;
  return {
    ...{ id, position, root, siblings, values: [equity, debt], solvent: debt <= equity },
    indexes: holdings.map(({ index }) => index),
    amounts: holdings.flatMap((holding) => [holding.equity, holding.debt]),
    leaf: (circuit) => poseidon([id, equity, debt, commitmentOf(holdings, circuit)], circuit.rate),
    totals: {
      addsUp: (list) => worthOf(holdings, list, 'equity') === equity && worthOf(holdings, list, 'debt') === debt,
      within: ({ assets }) =>
        holdings.every((holding) => {
          const total = assets[holding.index] ?? { equity: 0n, debt: 0n };
          return holding.equity <= total.equity && holding.debt <= total.debt;
        }),
    },
  };
}

function readHoldings(json: Json, key: string): readonly Holding[] | string {
  const items = listOf(member(json, key), MAX_ASSETS);
  if (items === null) return `${key} is not a list of at most ${MAX_ASSETS} assets`;
  const holdings: Holding[] = [];
  for (const item of items) {
    const index = smallInteger(member(item, 'Index'));
    const read = naturalsOf(item, ['Equity', 'Debt']);
    if (index === undefined || index < 0 || index >= 1 << 16 || typeof read === 'string')
      return `an item of ${key} has no Index below 2^16, or no Equity or Debt that is a natural number`;
    holdings.push({ index, equity: read.Equity, debt: read.Debt });
  }
  return holdings;
}

/** Every asset of the circuit in its place, equity then debt, packed by three; no holding is beyond the circuit's assets. */
function commitmentOf(holdings: readonly Holding[], { slots, rate }: CircuitSize): bigint {
  const flat = Array<bigint>(2 * slots).fill(0n);
  for (const { index, equity, debt } of holdings) {
    flat[2 * index] = equity;
    flat[2 * index + 1] = debt;
  }
  return poseidon(packByThree(flat), rate);
}

const worthOf = (holdings: readonly Holding[], { assets }: AssetList, side: 'equity' | 'debt'): bigint =>
  holdings.reduce((sum, holding) => sum + holding[side] * (assets[holding.index]?.price ?? 0n), 0n);
