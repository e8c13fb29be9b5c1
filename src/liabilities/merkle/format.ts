import type { Result } from '../../domain/result.ts';
import type { Json } from '../../lib/json.ts';
import { parseJsonQuick } from '../../lib/json-quick.ts';
import { createChecklist } from '../checklist.ts';
import type { LiabilityCheck, LiabilityFile, LiabilityFormat, LiabilityKind, RecognisedFile } from '../types.ts';
import { fileLabel } from './file-label.ts';
import { listEntry, loneEntry } from './list-entry.ts';
import { checkPath } from './path.ts';
import { MAX_PATH_BYTES, type PathFormat, type PathOutcome, type PublishedRoot } from './path-format.ts';
import { bitget, bitgetUntil2025 } from './paths/bitget.ts';
import { bybit, bybitFirst } from './paths/bybit.ts';
import { coinex, coinexAlone } from './paths/coinex.ts';
import { htx } from './paths/htx.ts';
import { mexc } from './paths/mexc.ts';
import { okxV1 } from './paths/okx-v1.ts';
import { listPartOf, publishedRootOf, recogniseMerkle } from './recognise.ts';
import { settleRounds } from './rounds.ts';
import { treeEntry } from './tree-entry.ts';
import { type CheckedTree, judgeUserLeaves, readUserLeaves, type UserLeaves } from './user-leaves.ts';

/** The ways in which each publisher writes its paths: a file is judged by the first that it fits, else by the one that it fits furthest. */
const PATHS: Partial<Readonly<Record<LiabilityKind, readonly PathFormat[]>>> = {
  'okx-merkle-v1': [okxV1],
  bitget: [bitget, bitgetUntil2025],
  mexc: [mexc],
  bybit: [bybit, bybitFirst],
  htx: [htx],
  coinex: [coinex, coinexAlone],
};

/** A file of the call with what its beginning shows. */
interface Part extends RecognisedFile {
  readonly place: number;
  readonly head: string;
  readonly role: 'path' | 'user' | 'tree' | 'list' | 'root' | 'totals';
}

/** The SHA-256 family: customers' paths in sum trees, whole published trees, and published lists of leaves. */
export const merkle: LiabilityFormat = {
  name: 'merkle',
  recognise: recogniseMerkle,
  async check(files, _options, disabled = new Set()) {
    const parts: Part[] = [];
    for (const [i, { file, kind, place = i + 1 }] of files.entries()) {
      const head = await headOf(file);
      parts.push({ file, kind, place, head, role: roleOf(kind, head) });
    }
    const roots: PublishedRoot[] = parts
      .filter(({ role }) => role === 'root')
      .map(({ file, head }) => ({ file: file.name, hash: publishedRootOf(head) as string }));
    const results = new Map<LiabilityFile, LiabilityCheck>();
    await checkTrees(parts, roots, results, disabled);
    await checkPaths(parts, roots, results, disabled);
    await checkLists(parts, roots, results, disabled);
    return files.flatMap(({ file }) => results.get(file) ?? []);
  },
};

function roleOf(kind: LiabilityKind, head: string): Part['role'] {
  if (PATHS[kind] !== undefined) return 'path';
  if (kind === 'leaf-list') return listPartOf(head) ?? 'list';
  return head.trimStart().startsWith('{') ? 'user' : 'tree';
}

type Results = Map<LiabilityFile, LiabilityCheck>;
type Disabled = ReadonlySet<string>;

/** Whole trees, and the customers' leaves that are looked for in them. */
async function checkTrees(
  parts: readonly Part[],
  roots: readonly PublishedRoot[],
  results: Results,
  disabled: Disabled,
): Promise<void> {
  const users = new Map<Part, UserLeaves>();
  const wanted = new Map<string, number>();
  for (const part of parts.filter(({ role }) => role === 'user')) {
    const leaves = readUserLeaves(await readJson(part.file), createChecklist(disabled));
    users.set(part, leaves);
    for (const line of leaves.lines) wanted.set(line, 0);
  }
  const trees: CheckedTree[] = [];
  for (const { file, kind } of parts.filter(({ role }) => role === 'tree')) {
    const found = new Map(wanted);
    const entry = await treeEntry(file, kind, found, roots, createChecklist(disabled));
    results.set(file, entry);
    if (kind === 'okx-merkle-v2')
      trees.push({ file: entry.file, valid: entry.verdict === 'valid', root: entry.root, found });
  }
  for (const [part, leaves] of users) {
    const label = fileLabel(part.file.name, part.place, []);
    results.set(part.file, judgeUserLeaves(leaves, label, trees));
  }
}

async function checkPaths(
  parts: readonly Part[],
  roots: readonly PublishedRoot[],
  results: Results,
  disabled: Disabled,
): Promise<void> {
  const outcomes = new Map<LiabilityFile, PathOutcome>();
  for (const { file, kind, place, role } of parts) {
    if (role !== 'path') continue;
    const json = await readJson(file);
    const tried = (PATHS[kind] as readonly PathFormat[]).map((format) =>
      checkPath(json, format, file.name, roots, createChecklist(disabled)),
    );
    const outcome = furthest(tried);
    const label = fileLabel(file.name, place, outcome.ids);
    outcomes.set(file, { ...outcome, check: { ...outcome.check, file: label } });
  }
  for (const [file, check] of settleRounds(outcomes, disabled)) results.set(file, check);
}

/** The one that stood most checks (a valid one stood all), of several the first. */
const furthest = (outcomes: readonly PathOutcome[]): PathOutcome =>
  outcomes.reduce((best, one) => (one.check.checks.length > best.check.checks.length ? one : best));

async function checkLists(
  parts: readonly Part[],
  roots: readonly PublishedRoot[],
  results: Results,
  disabled: Disabled,
): Promise<void> {
  const lists = parts.filter(({ role }) => role === 'list');
  const totals = parts.filter(({ role }) => role === 'totals');
  const only = lists.length === 1 && totals.length === 1 ? (totals[0] as Part).file : null;
  for (const { file } of lists) results.set(file, await listEntry(file, roots, only, createChecklist(disabled)));
  for (const { file, role, head } of parts) {
    const { length } = publishedRootOf(head) ?? '';
    if ((role === 'root' && !parts.some((part) => takesRoot(part, length))) || (role === 'totals' && file !== only))
      results.set(file, loneEntry(file));
  }
}

/** Whether a file is compared with published roots of that many hex digits. */
function takesRoot({ role, kind }: Part, digits: number): boolean {
  if (role === 'path') return PATHS[kind]![0]!.hashDigits === digits;
  return role === 'list' || (role === 'tree' && digits === 64);
}

async function readJson(file: LiabilityFile): Promise<Result<Json>> {
  const text = await file.readText(MAX_PATH_BYTES);
  return text.ok ? parseJsonQuick(text.value) : text;
}

/** What comes first, as far as it comes together. */
async function headOf(file: LiabilityFile): Promise<string> {
  if (file.readChunks !== undefined) {
    for await (const chunk of file.readChunks()) return Buffer.from(chunk).toString('utf8');
    return '';
  }
  for await (const lines of file.readLines()) return lines.map(({ text }) => text).join('\n');
  return '';
}
