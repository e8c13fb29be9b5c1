import { type Json, field as member, smallInteger } from '../../lib/json.ts';
import { poseidon } from '../bn254/poseidon.ts';
import { type AssetList, type CircuitSize, computedOnce, isSymbol, type ListedAsset } from '../zkmerkle/assets.ts';
import { listOf, naturalsOf, pack } from '../zkmerkle/read.ts';

/** More assets than any of the exchange's circuits commits to. */
const MAX_ASSETS = 800;

/** Reads the published list (`cex_config.json`); positions must be 0 to n-1, each once. A text says what is wrong. */
export function readAssetList(json: Json, file: string): AssetList | string {
  const items = listOf(member(json, 'CexAssetsInfo'), MAX_ASSETS);
  if (items === null || items.length === 0) return `CexAssetsInfo is not a list of 1 to ${MAX_ASSETS} assets`;
  const assets: ListedAsset[] = [];
  for (const [i, item] of items.entries()) {
    const index = smallInteger(member(item, 'Index'));
    if (index === undefined || index < 0 || index >= items.length || assets[index] !== undefined)
      return `CexAssetsInfo[${i}].Index is not a place of the list of its own`;
    const symbol = member(item, 'Symbol');
    if (!isSymbol(symbol)) return `CexAssetsInfo[${i}].Symbol is not the name of a coin`;
    const read = naturalsOf(item, ['TotalEquity', 'TotalDebt', 'BasePrice']);
    if (typeof read === 'string') return `CexAssetsInfo[${i}].${read} is not a natural number`;
    assets[index] = { symbol, equity: read.TotalEquity, debt: read.TotalDebt, price: read.BasePrice, further: [] };
  }
  const commit = ({ slots, rate }: CircuitSize, empty: boolean): bigint => {
    const packed = assets.map(({ equity, debt, price }) => (empty ? price : pack(equity, debt, price)));
    return poseidon([...packed, ...Array<bigint>(Math.max(0, slots - packed.length)).fill(0n)], rate);
  };
  return { file, assets, commit: computedOnce(commit) };
}
