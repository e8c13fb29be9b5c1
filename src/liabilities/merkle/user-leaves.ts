import { addDecimals, compareDecimals } from '../../domain/amount.ts';
import type { Result } from '../../domain/result.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { field, isArray, type Json } from '../../lib/json.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import type { LiabilityCheck } from '../types.ts';
import { readSigned, truncate, ZERO } from './amounts.ts';
import { OKX_ASSETS, okxBalances, okxTexts } from './paths/okx-v1.ts';
import { type Texts, textOf } from './read-json.ts';

/** A customer's leaves, checked in themselves: the lines that a tree must hold, each as often as it stands here. */
export interface UserLeaves {
  readonly lines: readonly string[];
  readonly checks: Checklist;
}

/** The tree that a customer's leaves are looked for in. */
export interface CheckedTree {
  readonly file: string;
  readonly valid: boolean;
  readonly root: string | null;
  /** How often each wanted line stands among the leaves. */
  readonly found: ReadonlyMap<string, number>;
}

interface Leaf {
  readonly hash: string;
  readonly texts: Texts;
}

/** Reads OKX's `user_info_file.json` and checks it in itself: user hash, each leaf's hash, and that the leaves add up to the balance. */
export function readUserLeaves(json: Result<Json>, checks: Checklist = createChecklist()): UserLeaves {
  const nothing: UserLeaves = { lines: [], checks };
  if (!checks.require('file', json.ok, json.ok ? 'JSON' : json.error) || !json.ok) return nothing;
  const [userHash, nonce] = [foldedHash(json.value), textOf(json.value, 'nonce')];
  const total = okxTexts(field(json.value, 'totalBalances'));
  const nodes = readLeaves(field(json.value, 'nodes'));
  const complete = userHash !== null && nonce !== null && total !== null && nodes !== null;
  if (!checks.require('shape', complete, 'hash, nonce, totalBalances and nodes with hash and balances')) return nothing;
  if (!complete) return nothing;
  const all = [total, ...nodes.map(({ texts }) => texts)].flatMap((texts) => [...texts.values()].map(readSigned));
  const plain = all.every((amount) => amount !== null);
  if (!checks.require('amounts', plain, 'every amount is a plain decimal number')) return nothing;
  const signs = all.every((amount) => (amount ?? ZERO).unscaled >= 0n);
  if (!checks.require('signs', signs, 'no amount is negative')) return nothing;
  const own = sha256Hex(`${nonce}${okxBalances(total)}`) === userHash;
  if (!checks.require('user-hash', own, 'the user hash is the hash of nonce and balance')) return nothing;
  const leaves = nodes.every(
    ({ hash, texts }) => sha256Hex(`${userHash}${OKX_ASSETS.map((asset) => texts.get(asset)).join('')}`) === hash,
  );
  if (!checks.require('leaf', leaves, 'each leaf is the hash of the user hash and its balances')) return nothing;
  if (!checks.require('leaf-sums', addUp(nodes, total), 'the leaves add up to the balance')) return nothing;
  return { lines: nodes.map(({ hash, texts }) => `${hash},1,${okxBalances(texts)}`), checks };
}

/** The verdict on a customer's leaves against the trees of the same call. */
export function judgeUserLeaves(
  { lines, checks }: UserLeaves,
  file: string,
  trees: readonly CheckedTree[],
): LiabilityCheck {
  const good = trees.filter(({ valid }) => valid);
  const tree = checks.failed() ? undefined : good.find(({ found }) => holdsAll(found, lines));
  if (!checks.failed()) {
    if (trees.length === 0) checks.skip('tree-link', 'no full tree in this call: whether the leaves are in it is open');
    else if (good.length === 0) checks.skip('tree-link', 'the tree of this call failed: it shows nothing');
    else checks.require('tree-link', tree !== undefined, 'every leaf stands in the tree of this call with its balance');
  }
  const used = tree ?? good[0];
  const valid = !checks.failed() && used !== undefined;
  return {
    file,
    uses: used === undefined ? [] : [used.file],
    kind: 'okx-merkle-v2',
    verdict: checks.failed() ? 'invalid' : valid ? 'valid' : 'undecided',
    grade: valid ? 'inclusion-only' : 'none',
    binding: 'none',
    totals: [],
    root: valid ? used.root : null,
    checks: checks.items,
    caveats: valid ? ['Shows that this account is in the tree; the total is what the tree itself shows.'] : [],
  };
}

/** Whether every line stands among the leaves, as often as the customer's file lists it. */
function holdsAll(found: ReadonlyMap<string, number>, lines: readonly string[]): boolean {
  const wanted = new Map<string, number>();
  for (const line of lines) wanted.set(line, (wanted.get(line) ?? 0) + 1);
  return [...wanted].every(([line, times]) => (found.get(line) ?? 0) >= times);
}

/** The user hash, whose letters may be of either case. */
function foldedHash(json: Json): string | null {
  const text = textOf(json, 'hash');
  return text !== null && /^[0-9a-fA-F]{64}$/.test(text) ? text.toLowerCase() : null;
}

function readLeaves(json: Json | undefined): readonly Leaf[] | null {
  if (!isArray(json) || json.length === 0) return null;
  const leaves = json.map((node) => ({ hash: foldedHash(node), texts: okxTexts(field(node, 'balances')) }));
  return leaves.every(({ hash, texts }) => hash !== null && texts !== null) ? (leaves as Leaf[]) : null;
}

function addUp(nodes: readonly Leaf[], total: Texts): boolean {
  return OKX_ASSETS.every((asset) => {
    const amounts = nodes.map(({ texts }) => readSigned(texts.get(asset) as string) ?? ZERO);
    const sum = amounts.reduce((a, b) => truncate(addDecimals(a, b), nodes.length > 1 ? 8 : 78), ZERO);
    return compareDecimals(sum, readSigned(total.get(asset) as string) ?? ZERO) === 0;
  });
}
