import { type Json, field as member, smallInteger } from '../../lib/json.ts';
import { poseidon } from '../bn254/poseidon.ts';
import { wordFromBase64, wordFromHex } from '../bn254/scalar.ts';
import type { UserFile } from '../zkmerkle/inclusion.ts';
import { DEPTH } from '../zkmerkle/path.ts';
import { listOf, naturalOf } from '../zkmerkle/read.ts';
import { commitmentOf, MAX_ASSETS, sizeOf } from './assets.ts';

/** Reads a customer's `user_config.json`; a text says what is wrong with its shape, and nothing of what it holds. */
export function readUserFile(json: Json): UserFile | string {
  const position = naturalOf(json, 'AccountIndex');
  if (position === null || position >= 1n << 32n) return 'AccountIndex is not a number below 2^32';
  const id = wordFromHex(member(json, 'AccountIdHash'));
  if (id === null) return 'AccountIdHash is not 64 hex digits';
  const [equity, debt] = [naturalOf(json, 'TotalEquity'), naturalOf(json, 'TotalDebt')];
  if (equity === null || debt === null) return 'TotalEquity or TotalDebt is not a natural number';
  const root = wordFromHex(member(json, 'Root'));
  if (root === null) return 'Root is not 64 hex digits';
  const siblings = listOf(member(json, 'Proof'), DEPTH)?.map(wordFromBase64);
  if (siblings?.length !== DEPTH || !siblings.every((word) => word !== null))
    return `Proof is not a list of ${DEPTH} hashes in base64`;
  const balances = readBalances(json);
  if (typeof balances === 'string') return balances;
  const amounts: bigint[] = [];
  for (const [index, amount] of balances) amounts[index] = amount;
  return {
    ...{ id, position, root, siblings, values: [equity, debt] },
    // Only the sum of all debts may not be above that of all equities.
    solvent: true,
    indexes: balances.map(([index]) => index),
    amounts: balances.map(([, amount]) => amount),
    leaf: (circuit) => poseidon([id, equity, debt, commitmentOf(amounts, circuit)]),
    totals: 'the file of this exchange ties no total to amounts: it has no prices, and amounts count with either sign',
  };
}

/** Places and amounts, without their signs. */
function readBalances(json: Json): readonly (readonly [number, bigint])[] | string {
  const items = listOf(member(json, 'Assets'), MAX_ASSETS);
  if (items === null) return `Assets is not a list of at most ${MAX_ASSETS} assets`;
  const balances: (readonly [number, bigint])[] = [];
  for (const item of items) {
    const index = smallInteger(member(item, 'Index'));
    const amount = sizeOf(item, 'Balance');
    if (index === undefined || index < 0 || index >= MAX_ASSETS || amount === null)
      return `an item of Assets has no Index below ${MAX_ASSETS}, or no Balance that is a whole number`;
    balances.push([index, amount]);
  }
  return balances;
}
