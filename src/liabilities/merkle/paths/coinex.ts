import { formatDecimal } from '../../../domain/amount.ts';
import { sha256Hex } from '../../../lib/hash.ts';
import { field, isArray, isObject, type Json } from '../../../lib/json.ts';
import { canonical, sortedByAsset } from '../amounts.ts';
import type { PathFormat, PathProof, PathStep } from '../path-format.ts';
import { hashOf, isZero, type Texts, textOf, textsOf } from '../read-json.ts';

/**
 * CoinEx `merkle_proof_file.json` (coinexcom/proof-of-reserves): assets by name, `{}` where there is no neighbour; there the
 * publisher's tool pairs a node with itself.
 */
export const coinex: PathFormat = {
  kind: 'coinex',
  hashDigits: 64,
  negativeSubtotals: false,
  scale: () => null,
  read: readCoinex,
  parentSums: (_left, _right, sums) => sortedByAsset(sums),
  parentPreimage: (left, right, sums) =>
    `${(left ?? right)?.hash}${(right ?? left)?.hash}${balancesJson(sums, formatDecimal)}`,
  caveats: ["The leaf's hash is not in the file: it is computed from the account's contents."],
};

/** The same where a node without neighbour stands alone in its parent's hash: the example that CoinEx published is made so. */
export const coinexAlone: PathFormat = {
  ...coinex,
  parentPreimage: (left, right, sums) => `${left?.hash ?? ''}${right?.hash ?? ''}${balancesJson(sums, formatDecimal)}`,
};

const balancesJson = <T>(balances: ReadonlyMap<string, T>, print: (value: T) => string): string =>
  `{${[...balances].map(([asset, value]) => `"${asset}":"${print(value)}"`).join(',')}}`;

function readCoinex(json: Json): PathProof | string {
  const [root, own, path] = [field(json, 'root'), field(json, 'self'), field(json, 'path')];
  const [rootHash, rootTexts] = [hashOf(root, 'hash', 64), textsOf(field(root, 'balances'))];
  const [nonce, texts] = [textOf(own, 'nonce'), textsOf(field(own, 'balances'))];
  if (rootHash === null || rootTexts === null) return 'root lacks hash or balances';
  if (nonce === null || texts === null) return 'self lacks nonce or balances';
  if (!isArray(path) || path.length === 0) return 'path is not a list of at least one neighbour';
  const steps = path.map(readStep);
  const fault = steps.find((step) => typeof step === 'string');
  if (fault !== undefined) return fault as string;
  const preimage = `${nonce}${balancesJson(sortedByAsset(texts), canonical)}`;
  return {
    round: null,
    ids: [],
    self: { hash: sha256Hex(preimage), texts: sortedByAsset(texts) },
    leaf: { skipped: 'the file prints no hash of the leaf: it is computed from its contents' },
    steps: steps as PathStep[],
    root: { hash: rootHash, texts: rootTexts },
    claims: [],
    caveats: [],
  };
}

function readStep(json: Json): PathStep | string {
  if (!isObject(json)) return 'an element of path is not an object';
  const texts: Texts | null = textsOf(field(json, 'balances') ?? {});
  if (texts === null) return 'an element of path has balances that are no amounts';
  const given = field(json, 'hash');
  if (given === undefined || given === null || given === '') {
    return isZero(texts)
      ? { side: 'right', sibling: 'none', parentHeight: 0 }
      : 'an element of path has balances but no hash';
  }
  const [hash, pos] = [hashOf(json, 'hash', 64), textOf(json, 'pos')];
  if (hash === null || (pos !== 'left' && pos !== 'right'))
    return 'an element of path lacks hash or pos (left or right)';
  return { side: pos, sibling: { hash, texts }, parentHeight: 0 };
}
