import { isArray, type Json, field as member, numberText, smallInteger } from '../../lib/json.ts';
import { isHashable, poseidon } from '../bn254/poseidon.ts';
import { type AssetList, type CircuitSize, computedOnce, isSymbol, type ListedAsset } from '../zkmerkle/assets.ts';

/** More assets than the exchange's circuits have had (168 and 174 in its source). */
export const MAX_ASSETS = 1024;

/** A JSON number that is a whole one, without its sign: the exchange hashes amounts so. Null for anything else. */
export function sizeOf(json: Json | undefined, key: string): bigint | null {
  const text = numberText(member(json, key));
  return text !== undefined && /^(?:0|-?[1-9]\d{0,77})$/.test(text) ? BigInt(text.replace('-', '')) : null;
}

/** Reads the published list (`config.json`): one total an asset, which may be negative. A text says what is wrong. */
export function readAssetList(json: Json, file: string): AssetList | string {
  const items = member(json, 'CexAssetsInfo');
  if (!isArray(items) || items.length === 0 || items.length > MAX_ASSETS)
    return `CexAssetsInfo is not a list of 1 to ${MAX_ASSETS} assets`;
  const assets: ListedAsset[] = [];
  for (const [i, item] of items.entries()) {
    const index = smallInteger(member(item, 'Index'));
    if (index === undefined || index < 0 || index >= items.length || assets[index] !== undefined)
      return `CexAssetsInfo[${i}].Index is not a place of the list of its own`;
    const symbol = member(item, 'Symbol');
    if (!isSymbol(symbol)) return `CexAssetsInfo[${i}].Symbol is not the name of a coin`;
    const equity = sizeOf(item, 'TotalBalance');
    if (equity === null) return `CexAssetsInfo[${i}].TotalBalance is not a whole number`;
    assets[index] = { symbol, equity, debt: 0n, price: 0n, further: [] };
  }
  const totals = assets.map(({ equity }) => equity);
  return { file, assets, commit: computedOnce((circuit, empty) => commitmentOf(empty ? [] : totals, circuit)) };
}

/** The hash of one amount an asset, filled up with zeros; no number that a hash can be where the family cannot hash so many. */
export function commitmentOf(amounts: readonly bigint[], { slots }: CircuitSize): bigint {
  if (!isHashable(slots)) return -1n;
  return poseidon(Array.from({ length: slots }, (_, i) => amounts[i] ?? 0n));
}
