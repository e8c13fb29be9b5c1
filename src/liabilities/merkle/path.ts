import { compareDecimals, type Decimal } from '../../domain/amount.ts';
import type { Result } from '../../domain/result.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { Json } from '../../lib/json.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import { type Amounts, addAmounts, negativeAssets, readSigned, ZERO } from './amounts.ts';
import {
  MAX_LEVELS,
  type PathFormat,
  type PathNode,
  type PathOutcome,
  type PathProof,
  type PublishedRoot,
} from './path-format.ts';
import type { Texts } from './read-json.ts';

const ALONE =
  'The root is only the one inside this file: compare it with the root that the publisher shows to everybody.';
const GENERAL = [
  'No total is proven: the amounts beside the path are not tied to the hashes beside them, so a publisher can print smaller ones.',
  'Inclusion shows that this one account is in the tree; it says nothing of any other.',
];

/**
 * Checks one customer's path in a sum tree: the leaf from its contents, every parent and sum rebuilt, and the root against the
 * file's own and against the published ones of the same call. The entry holds no id, amount or hash of the file but the root.
 */
export function checkPath(
  json: Result<Json>,
  format: PathFormat,
  file: string,
  roots: readonly PublishedRoot[],
  checks: Checklist = createChecklist(),
): PathOutcome {
  const read = readProof(json, format, checks);
  const proof = read === null ? null : verify(read, format, checks);
  const applicable = roots.filter(({ hash }) => hash.length === format.hashDigits);
  const link = proof === null ? null : linkRoot(proof.root.hash, applicable, checks);
  const valid = proof !== null && !checks.failed();
  return {
    check: {
      file,
      uses: link === null ? [] : [link.file],
      kind: format.kind,
      verdict: valid ? 'valid' : 'invalid',
      grade: valid ? 'inclusion-only' : 'none',
      binding: 'none',
      totals: [],
      root: valid ? proof.root.hash : null,
      checks: checks.items,
      caveats: valid ? [...GENERAL, ...format.caveats, ...proof.caveats, ...(link === null ? [ALONE] : [])] : [],
    },
    round: read?.round ?? null,
    ids: read?.ids ?? [],
  };
}

function readProof(json: Result<Json>, format: PathFormat, checks: Checklist): PathProof | null {
  if (!checks.require('file', json.ok, json.ok ? 'JSON' : json.error) || !json.ok) return null;
  const read = format.read(json.value);
  const bad = typeof read === 'string';
  if (!checks.require('shape', !bad, bad ? read : 'every field is present') || bad) return null;
  const levels = read.steps.length;
  const bounded = levels <= MAX_LEVELS;
  return checks.require('levels', bounded, `a path has at most ${MAX_LEVELS} neighbours`) ? read : null;
}

function verify(proof: PathProof, format: PathFormat, checks: Checklist): PathProof | null {
  for (const { name, holds, detail } of proof.claims) if (!checks.require(name, holds, detail)) return null;
  const read = readAmounts(proof, format, checks.off('amounts'));
  const plain = read !== null;
  if (!checks.require('amounts', plain, 'every amount is a plain decimal number') || !plain) return null;
  const negatives = faultOfSigns(read, format);
  if (!checks.require('signs', negatives === null, negatives ?? 'no amount is negative where none may be')) return null;
  if ('skipped' in proof.leaf) checks.skip('leaf', proof.leaf.skipped);
  else {
    const leaf = sha256Hex(proof.leaf.preimage).slice(0, format.hashDigits);
    if (!checks.require('leaf', leaf === proof.self.hash, 'the leaf is the hash of its contents')) return null;
  }
  const { top, copiesRight } = climb(proof, read, format);
  if (!checks.require('copies', copiesRight, 'a neighbour that is an empty copy stands on the right')) return null;
  if (!checks.require('root-hash', top.hash === proof.root.hash, 'the rebuilt root is the hash that the file prints'))
    return null;
  const sums = sameSums(top.amounts, proof.root.texts, read.root, format);
  if (!checks.require('root-sums', sums, 'the rebuilt sums are those that the file prints at the root')) return null;
  return { ...proof, caveats: [...proof.caveats, ...negativeCaveats(read)] };
}

interface ReadAmounts {
  readonly self: Amounts;
  readonly siblings: readonly (Amounts | 'none')[];
  readonly root: Amounts;
}

/** Every amount as a number, or null where one is none; with `lenient` (for tests only) such a one counts as zero. */
function readAmounts({ self, steps, root }: PathProof, format: PathFormat, lenient: boolean): ReadAmounts | null {
  const amountsOf = (texts: Texts): Amounts | null => {
    const amounts = new Map<string, Decimal>();
    for (const [asset, text] of texts) {
      const amount = (format.readAmount ?? readSigned)(text);
      if (amount === null && !lenient) return null;
      amounts.set(asset, amount ?? ZERO);
    }
    return amounts;
  };
  const own = amountsOf(self.texts);
  const siblings = steps.map(({ sibling }) => (sibling === 'none' ? 'none' : amountsOf(sibling.texts)));
  const total = amountsOf(root.texts);
  if (own === null || total === null || siblings.includes(null)) return null;
  return { self: own, siblings: siblings as ReadAmounts['siblings'], root: total };
}

function faultOfSigns({ self, siblings, root }: ReadAmounts, format: PathFormat): string | null {
  const at = (where: string, amounts: Amounts): string | null => {
    const assets = negativeAssets(amounts);
    return assets.length === 0 ? null : `${where} is negative in ${assets.join(', ')}`;
  };
  const total = at('the root', root);
  if (total !== null || format.negativeSubtotals) return total;
  const neighbours = siblings.map((amounts, level) =>
    amounts === 'none' ? null : at(`the neighbour at step ${level + 1}`, amounts),
  );
  return at('the account', self) ?? neighbours.find((fault) => fault !== null) ?? null;
}

function negativeCaveats({ siblings }: ReadAmounts): readonly string[] {
  return siblings.flatMap((amounts, level) => {
    const assets = amounts === 'none' ? [] : negativeAssets(amounts);
    return assets.length === 0
      ? []
      : [
          `The neighbour at step ${level + 1} has a negative subtotal in ${assets.join(', ')}: it lowers the sum above.`,
        ];
  });
}

interface Climbed {
  readonly top: PathNode;
  /** With a copy on either side the parent's hash is the same: publishers put it on the right. */
  readonly copiesRight: boolean;
}

function climb({ self, steps }: PathProof, read: ReadAmounts, format: PathFormat): Climbed {
  let node: PathNode = { hash: self.hash, amounts: read.self };
  let copiesRight = true;
  for (const [at, { side, sibling, parentHeight }] of steps.entries()) {
    const amounts = read.siblings[at] as Amounts | 'none';
    const other = sibling === 'none' || amounts === 'none' ? null : { hash: sibling.hash, amounts };
    if (side === 'left' && other?.hash === node.hash) copiesRight = false;
    const [left, right] = side === 'left' ? [other, node] : [node, other];
    const plain = addAmounts(left?.amounts ?? new Map(), right?.amounts ?? new Map(), format.scale);
    const sums = format.parentSums?.(left, right, plain) ?? plain;
    const preimage = format.parentPreimage(left, right, sums, parentHeight);
    node = { hash: sha256Hex(preimage).slice(0, format.hashDigits), amounts: sums };
  }
  return { top: node, copiesRight };
}

function sameSums(rebuilt: Amounts, printed: Texts, root: Amounts, format: PathFormat): boolean {
  if (rebuilt.size !== printed.size) return false;
  return [...rebuilt].every(([asset, sum]) => {
    const own = root.get(asset);
    if (own === undefined) return false;
    return format.print ? format.print(sum, asset) === printed.get(asset) : compareDecimals(sum, own) === 0;
  });
}

function linkRoot(hash: string, roots: readonly PublishedRoot[], checks: Checklist): PublishedRoot | null {
  if (roots.length === 0) {
    checks.skip('root-link', 'no published root in this call');
    return null;
  }
  const link = roots.find((root) => root.hash === hash);
  checks.require('root-link', link !== undefined, 'the path leads to the published root of this call');
  return link ?? null;
}
