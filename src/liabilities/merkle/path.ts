import { compareDecimals, type Decimal } from '../../domain/amount.ts';
import type { Result } from '../../domain/result.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { Json } from '../../lib/json.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import type { LiabilityCheck, LiabilityKind } from '../types.ts';
import { type Amounts, addAmounts, negativeAssets, readSigned } from './amounts.ts';
import type { Texts } from './read-json.ts';

/** The most bytes of a customer's file; the largest genuine one (50 assets, 30 levels) has some 100 KB. */
export const MAX_PATH_BYTES = 1 << 20;
/** The most levels of a path: a tree with 2^64 leaves. */
export const MAX_LEVELS = 64;

/** A node as the file prints it. */
export interface PrintedNode {
  readonly hash: string;
  readonly texts: Texts;
}

/** A node with its amounts read: what a format's hash is made of. */
export interface PathNode {
  readonly hash: string;
  readonly amounts: Amounts;
}

/** One step up: the neighbour on its side, and the height that the format writes into the parent's hash. */
export interface PathStep {
  readonly side: 'left' | 'right';
  readonly sibling: PrintedNode | 'none';
  readonly parentHeight: number;
}

/** A path as a format reads it out of its file, not yet checked. */
export interface PathProof {
  /** The publisher's name of the round, where the file tells: files of one round must lead to one root. */
  readonly round: string | null;
  /** What names the customer: never shown, not even as part of a file's name. */
  readonly ids: readonly string[];
  readonly self: PrintedNode;
  /** What the leaf's hash is made of, or why that check cannot be made. */
  readonly leaf: { readonly preimage: string } | { readonly skipped: string };
  readonly steps: readonly PathStep[];
  readonly root: PrintedNode;
  /** What the format says of sides, heights and the like: one check each. */
  readonly claims: readonly { readonly name: string; readonly holds: boolean; readonly detail: string }[];
  readonly caveats: readonly string[];
}

/** How one publisher writes its sum tree: the whole difference between the formats. */
export interface PathFormat {
  readonly kind: LiabilityKind;
  /** Hex digits of a hash: 64, or fewer where the publisher cuts SHA-256. */
  readonly hashDigits: number;
  /** Whether subtotals may be below zero: genuine files of one publisher have them. */
  readonly negativeSubtotals: boolean;
  /** Decimals that a sum of that asset is cut to; null where it is exact. */
  scale(asset: string): number | null;
  read(json: Json): PathProof | string;
  /** What the parent's hash is made of. `left` or `right` is null where the format knows no neighbour. */
  parentPreimage(left: PathNode | null, right: PathNode | null, sums: Amounts, height: number): string;
  /** The sums of a parent where they are more than the sums of both; else left out. */
  parentSums?(left: PathNode | null, right: PathNode | null, sums: Amounts): Amounts;
  /** How the root's amounts must be printed; left out where only the number counts. */
  print?(amount: Decimal, asset: string): string;
  readonly caveats: readonly string[];
}

/** A root that stands in a file of its own: what the publisher printed for everybody. */
export interface PublishedRoot {
  readonly file: string;
  readonly hash: string;
}

/** A checked path: its entry, and what other files of the call are compared with. */
export interface PathOutcome {
  readonly check: LiabilityCheck;
  readonly round: string | null;
  readonly ids: readonly string[];
}

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
  const link = proof === null || checks.failed() ? null : linkRoot(proof.root.hash, applicable, checks);
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
  // What a parser complains of may quote the customer's file.
  if (!checks.require('file', json.ok, json.ok ? 'JSON' : 'not well-formed JSON') || !json.ok) return null;
  const read = format.read(json.value);
  const bad = typeof read === 'string';
  if (!checks.require('shape', !bad, bad ? read : 'every field is present') || bad) return null;
  const levels = read.steps.length;
  const bounded = levels >= 1 && levels <= MAX_LEVELS;
  return checks.require('levels', bounded, `a path has 1 to ${MAX_LEVELS} neighbours`) ? read : null;
}

function verify(proof: PathProof, format: PathFormat, checks: Checklist): PathProof | null {
  for (const { name, holds, detail } of proof.claims) if (!checks.require(name, holds, detail)) return null;
  const read = readAmounts(proof);
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

function readAmounts({ self, steps, root }: PathProof): ReadAmounts | null {
  const amountsOf = (texts: Texts): Amounts | null => {
    const amounts = new Map<string, Decimal>();
    for (const [asset, text] of texts) {
      const amount = readSigned(text);
      if (amount === null) return null;
      amounts.set(asset, amount);
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
