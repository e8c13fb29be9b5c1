import { formatDecimal, parseDecimal } from '../../domain/amount.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import { unitOpen } from '../total.ts';
import type { LiabilityCheck, LiabilityFile } from '../types.ts';
import { rebuildLeafList } from './leaf-list.ts';
import type { PublishedRoot } from './path-format.ts';

/** The most bytes of a list that is read at all, and of the totals beside it. */
const MAX_LIST_BYTES = 16 * 2 ** 30;
const MAX_TOTALS_BYTES = 1 << 16;

const ALIKE =
  'The leaves are as long as the hashes above them: a list of those hashes instead leads to the same root, so neither their number nor that they are leaves is proven.';

/** Rebuilds the root over a published list of leaves and compares it with the published root of the same call. */
export async function listEntry(
  file: LiabilityFile,
  roots: readonly PublishedRoot[],
  totalsFile: LiabilityFile | null,
  checks: Checklist = createChecklist(),
): Promise<LiabilityCheck> {
  const size = checks.require('size', file.bytes <= MAX_LIST_BYTES, `at most ${MAX_LIST_BYTES} bytes`);
  const list = size ? await rebuildLeafList(file.readLines(), checks) : null;
  const applicable = roots.filter(({ hash }) => hash.length === list?.root.length);
  const link = applicable.find(({ hash }) => hash === list?.root);
  if (list !== null) {
    if (applicable.length === 0) checks.skip('root-link', 'no published root in this call');
    else checks.require('root-link', link !== undefined, 'the rebuilt root is the published root of this call');
  }
  const totals = totalsFile === null ? [] : await readTotals(totalsFile, checks);
  const failed = checks.failed() || list === null;
  const valid = !failed && applicable.length > 0;
  return {
    file: file.name,
    uses: [...(link === undefined ? [] : [link.file]), ...(totalsFile === null || failed ? [] : [totalsFile.name])],
    kind: 'leaf-list',
    verdict: valid ? 'valid' : failed ? 'invalid' : 'undecided',
    grade: valid ? 'inclusion-only' : 'none',
    binding: 'none',
    totals: valid ? totals : [],
    root: failed ? null : list.root,
    checks: checks.items,
    caveats: failed
      ? []
      : [
          `${list.leaves} leaves; no amount is in them, so no total is proven.`,
          ...(list.width === list.root.length ? [ALIKE] : []),
          ...(totals.length > 0 ? ['The totals are stated beside the list: nothing in it binds them.'] : []),
        ],
  };
}

/** Lines of `ASSET:amount`. */
async function readTotals(file: LiabilityFile, checks: Checklist): Promise<LiabilityCheck['totals']> {
  const text = await file.readText(MAX_TOTALS_BYTES);
  const lines = text.ok ? text.value.split(/\r?\n/).filter((line) => line !== '') : [];
  const totals = lines.map((line) => {
    const [asset = '', amount = ''] = line.replace(/^,/, '').split(':');
    return { asset, amount: parseDecimal(amount) };
  });
  const plain = text.ok && totals.every(({ amount }) => amount.ok);
  if (!checks.require('totals', plain, 'every total is a plain decimal number')) return [];
  return totals.flatMap(({ asset, amount }) => (amount.ok ? [unitOpen(asset, formatDecimal(amount.value))] : []));
}

/** An entry for a root or totals that stand alone: they prove nothing. */
export function loneEntry(file: LiabilityFile): LiabilityCheck {
  const checks = createChecklist();
  checks.skip('proof', 'a published root or total alone: give it together with the files that it belongs to');
  return {
    ...{ file: file.name, uses: [], kind: 'leaf-list', verdict: 'undecided', grade: 'none', binding: 'none' },
    ...{ totals: [], root: null, checks: checks.items, caveats: [] },
  };
}
