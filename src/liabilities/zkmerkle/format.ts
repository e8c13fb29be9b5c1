import type { PhysicalLine } from '../../lib/lines.ts';
import { BINANCE_UNTIL_2024 } from '../binance/early.ts';
import { BINANCE } from '../binance/format.ts';
import { GATEIO } from '../gateio/format.ts';
import { HTX } from '../htx/format.ts';
import type { LiabilityFile, LiabilityFormat, RecognisedFile } from '../types.ts';
import { checkFiles, hasMarks, type Layout } from './check-files.ts';
import { cellsOf, MAX_TABLE_BYTES, readHeader, readRow } from './table.ts';

/** Whose JSON a file is: the first whose marks it has. */
const LAYOUTS: readonly Layout[] = [GATEIO, HTX, BINANCE, BINANCE_UNTIL_2024];
/** Those whose tables have the same columns. */
const ALIKE: readonly Layout[] = [GATEIO, BINANCE_UNTIL_2024, HTX];

const COLUMNS = ['proof_info', 'cex_asset_list_commitments', 'account_tree_roots', 'batch_commitment'];
/** A column that only Binance's tables have, since 2024-09. */
const OWN_COLUMN = 'assets_count';
const MAX_HEAD = 1 << 16;

/** The family of Binance's zkmerkle: tables of batch proofs, lists of assets and customers' inclusion files of several exchanges. */
export const zkmerkle: LiabilityFormat = {
  name: 'zkmerkle',
  recognise(head) {
    if (head.trimStart().startsWith('{')) return layoutOfJson(head)?.kind ?? null;
    const lines = head.split(/\r?\n/).map((text, i): PhysicalLine => ({ text, line: i + 1 }));
    const header = headerOf(lines);
    if (!COLUMNS.every((column) => header.includes(column))) return null;
    return layoutOfTable(header, firstRootOf(lines), new Set()).kind;
  },
  async check(files, options) {
    const beginnings = new Map<LiabilityFile, Beginning>();
    for (const one of files) beginnings.set(one.file, await beginningOf(one));
    const named = new Set([...beginnings.values()].flatMap(({ layout }) => layout ?? []));
    const groups = new Map<Layout, RecognisedFile[]>(LAYOUTS.map((layout) => [layout, []]));
    for (const one of files) {
      const { layout, header, root } = beginnings.get(one.file)!;
      groups.get(layout ?? layoutOfTable(header, root, named))!.push(one);
    }
    const entries = [];
    for (const [layout, own] of groups) if (own.length > 0) entries.push(...(await checkFiles(own, options, layout)));
    return entries;
  },
};

/** What the first lines of a file show: whose JSON it is, or the columns and the first root of a table. */
interface Beginning {
  readonly layout: Layout | null;
  readonly header: string;
  readonly root: bigint | null;
}

async function beginningOf({ file, kind }: RecognisedFile): Promise<Beginning> {
  const lines = await headOf(file);
  const header = headerOf(lines);
  // JSON without line ends that is longer than any line, like what is not read at all, is known by what was known of its beginning.
  if (lines[0] === undefined || lines[0].fault !== undefined)
    return { layout: LAYOUTS.find((layout) => layout.kind === kind) ?? null, header, root: null };
  const layout = layoutOfJson(lines.map(({ text }) => text).join('\n'));
  return { layout, header, root: layout === null ? firstRootOf(lines) : null };
}

const headerOf = (lines: readonly PhysicalLine[]): string => lines.find(({ text }) => text.trim() !== '')?.text ?? '';

/** The exchange whose keys a JSON text has, or null. */
function layoutOfJson(head: string): Layout | null {
  const text = head.replace(/^\uFEFF/, '').trimStart();
  if (!text.startsWith('{')) return null;
  const knows = ({ userMarks, listMarks, oneOf = ['{'] }: Layout): boolean =>
    (hasMarks(text, userMarks) || hasMarks(text, listMarks)) && oneOf.some((mark) => text.includes(mark));
  return LAYOUTS.find(knows) ?? null;
}

/**
 * The exchange whose table this is: of those whose circuits start from its first root, or of all, the one that the JSON files of the
 * call are of; else the first. Nothing in a table names its exchange.
 */
function layoutOfTable(header: string, root: bigint | null, named: ReadonlySet<Layout>): Layout {
  if (header.includes(OWN_COLUMN)) return BINANCE;
  const starting = ALIKE.filter(({ versions }) => versions.some(({ emptyRoot }) => emptyRoot === root));
  const possible = starting.length > 0 ? starting : ALIKE;
  return possible.find((layout) => named.has(layout)) ?? possible[0]!;
}

/** The root that the first batch starts from, as far as these lines show it. */
function firstRootOf(lines: readonly PhysicalLine[]): bigint | null {
  const [head, ...rows] = lines.filter(({ text }) => text.trim() !== '').map(cellsOf);
  const header = head?.ok ? readHeader(head.value) : head;
  if (!header?.ok) return null;
  for (const cells of rows) {
    const row = cells.ok ? readRow(cells.value, header.value, 0) : cells;
    if (row.ok && row.value.batch === 0) return row.value.roots[0]!;
  }
  return null;
}

/** The first lines of a file; none of one that is too large: a line of it may have no end. */
async function headOf(file: LiabilityFile): Promise<readonly PhysicalLine[]> {
  if (file.bytes > MAX_TABLE_BYTES) return [];
  const head: PhysicalLine[] = [];
  let length = 0;
  for await (const lines of file.readLines())
    for (const line of lines) {
      head.push(line);
      length += line.text.length + 1;
      if (length > MAX_HEAD) return head;
    }
  return head;
}
