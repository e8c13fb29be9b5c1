import type { Result } from '../../domain/result.ts';
import type { Json } from '../../lib/json.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import type { LiabilityCheck } from '../types.ts';
import type { Field } from './field.ts';
import { checkPosition, hashUp, type Path, readPath, sumAmounts } from './inclusion-path.ts';

/** What a user's inclusion is judged against: the outcome of a global proof, small enough to hand to a worker. */
export interface GlobalLink {
  readonly file: string;
  readonly root: string;
  readonly verdict: 'valid' | 'undecided';
  readonly equity: bigint;
  readonly debt: bigint;
  readonly batchSize: number;
  readonly branchout: number;
  /** Recursion levels, where the file or the pin tells. */
  readonly levels: number | null;
  readonly tokenCount: number;
}

/** The global proofs of a call: those that proved something, and how many proved nothing. */
export interface Globals {
  readonly links: readonly GlobalLink[];
  readonly failed: number;
}

/** The most bytes of an inclusion file; the largest genuine ones have some 30 KB. */
export const MAX_INCLUSION_BYTES = 1 << 20;

const CAVEAT = 'The leaf binds the two sums only: amounts may be moved between tokens without notice.';
const COUNTED = 'Inclusion shows that this account is counted; it says nothing on whether every other account is.';
const UNPROVEN = 'The global proof that the path leads to is itself undecided: its root is not proven.';

/**
 * Checks one user's parsed inclusion file against the global proofs of the same call. The result names no id, amount, index or
 * hash of the file but the root. `label` stands for the file, whose name may be the user's id.
 */
export function checkInclusion(
  json: Result<Json>,
  label: string,
  globals: Globals,
  field: Field,
  checks: Checklist = createChecklist(),
): LiabilityCheck {
  const mark = field.mark();
  const outcome = verifyPath(json, globals, field, checks);
  field.rewind(mark);
  const { root, link } = outcome;
  const verdict = checks.failed() ? 'invalid' : link?.verdict === 'valid' ? 'valid' : 'undecided';
  return {
    file: label,
    uses: link === null ? [] : [link.file],
    kind: 'okx-zk-v2-inclusion',
    verdict,
    grade: verdict === 'valid' ? 'inclusion-only' : 'none',
    binding: 'none',
    totals: [],
    root: verdict === 'invalid' ? null : root,
    checks: checks.items,
    caveats:
      verdict === 'invalid' ? [] : verdict === 'valid' ? [CAVEAT, COUNTED] : [CAVEAT, ...(link ? [UNPROVEN] : [])],
  };
}

interface Outcome {
  readonly root: string | null;
  readonly link: GlobalLink | null;
}
const stopped: Outcome = { root: null, link: null };

function verifyPath(json: Result<Json>, globals: Globals, field: Field, checks: Checklist): Outcome {
  if (!checks.require('file', json.ok, json.ok ? 'JSON' : json.error) || !json.ok) return stopped;
  const path = readPath(json.value);
  const shape = typeof path === 'string' ? path : 'every field is present';
  if (!checks.require('shape', typeof path !== 'string', shape) || typeof path === 'string') return stopped;
  const sums = sumAmounts(path, checks);
  if (sums === null) return stopped;
  if (!checkPosition(path, checks)) return stopped;
  const root = hashUp(path, sums, field, checks);
  if (root === null) return stopped;
  const link = linkTo(root, globals, checks);
  if (link !== null) checkAgainst(path, sums, link, checks);
  return { root, link };
}

/** The global proof whose root the path leads to, a valid one before others; null where none is or may be told. */
function linkTo(root: string, { links, failed }: Globals, checks: Checklist): GlobalLink | null {
  const same = links.filter((candidate) => candidate.root === root);
  const link = same.find(({ verdict }) => verdict === 'valid') ?? same[0];
  if (link === undefined && failed > 0) {
    checks.skip('root-link', 'a global proof of this call failed: its root is not known, and no other has this one');
    return null;
  }
  if (links.length === 0) {
    checks.skip('root-link', 'no global proof in this call: the root is only what this file itself leads to');
    return null;
  }
  const detail = 'the path leads to the root of a global proof of this call';
  if (!checks.require('root-link', link !== undefined, detail)) return null;
  return link ?? links[0]!;
}

/** What only the global proof's parameters can tell. */
function checkAgainst(
  path: Path,
  { equity, debt }: { readonly equity: bigint; readonly debt: bigint },
  link: GlobalLink,
  checks: Checklist,
): void {
  const branchout = path.levels[0]!.left.length + path.levels[0]!.right.length + 1;
  const depth = 2 ** path.siblings.length === link.batchSize && branchout === link.branchout;
  checks.require('depth', depth, "the path has the global proof's batch size and branch-out");
  if (link.levels === null)
    checks.skip('levels', 'neither the global proof nor its pin tells the number of recursion levels');
  else checks.require('levels', path.levels.length === link.levels, "the path has the global proof's recursion levels");
  checks.require(
    'tokens',
    path.equity.length === link.tokenCount,
    'the account lists as many tokens as the global proof',
  );
  checks.require('within-totals', equity <= link.equity && debt <= link.debt, 'the sums do not exceed the totals');
}
