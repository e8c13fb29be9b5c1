import { basename } from 'node:path';
import type { Result } from '../../domain/result.ts';
import type { Json } from '../../lib/json.ts';
import { parseJsonQuick } from '../../lib/json-quick.ts';
import type { CheckName } from '../check-names.ts';
import { createChecklist } from '../checklist.ts';
import { mayName } from '../merkle/file-label.ts';
import type { LiabilityCheck, LiabilityFile, LiabilityOptions, RecognisedFile } from '../types.ts';
import { type AssetList, checkAssets } from './assets.ts';
import { versionOfTable } from './check-table.ts';
import { checkTable, type Family, type TableLink, tableEntry } from './global.ts';
import { checkInclusion, type UserFile } from './inclusion.ts';
import { keysOf } from './keys.ts';
import { MAX_TABLE_BYTES, type ProofTable, readTable } from './table.ts';

/** How an exchange of the family writes its files. */
export interface Layout extends Family {
  /** Whether its tables may name one root a batch instead of two. */
  readonly oneRoot: boolean;
  /** Keys, in quotes as JSON writes them, that only a customer's file has. */
  readonly userMarks: readonly string[];
  /** Keys that its published list of assets has. */
  readonly listMarks: readonly string[];
  /** Of these, both have one besides; left out where the others are enough. */
  readonly oneOf?: readonly string[];
  /** Why a well-formed file of this exchange is of a layout that is not checked here; null where it is of one that is. */
  otherLayout(json: Json): string | null;
  /** A customer's file, or what is wrong with its shape. */
  readUser(json: Json): UserFile | string;
  /** A published list of assets, or what is wrong with its shape. */
  readList(json: Json, file: string): AssetList | string;
}

/** The most bytes of a JSON file: a customer's has at most 100 KB, a list of assets with all of its ratios 2 MB. */
const MAX_JSON_BYTES = 8 << 20;

/** Lists of assets of one call: each costs up to a second of hashing, and a round has one. */
const MAX_LISTS = 64;

/** The same marks as in `recognise`: two of them are enough, so that order does not matter. */
export const hasMarks = (text: string, marks: readonly string[]): boolean =>
  marks.filter((mark) => text.includes(mark)).length >= 2;

/**
 * Checks the files of one call that are of one exchange: tables of batch proofs with the lists of assets that they commit to, then
 * customers' files against those tables. One entry a table and a customer, in the order of the files; a list that no table uses
 * has an entry of its own. `disabled` names checks that a test leaves out.
 */
export async function checkFiles(
  files: readonly RecognisedFile[],
  options: LiabilityOptions,
  layout: Layout,
  disabled: ReadonlySet<string> = new Set(),
): Promise<readonly LiabilityCheck[]> {
  const results = new Map<LiabilityFile, LiabilityCheck>();
  const tables: { readonly file: LiabilityFile; readonly table: ProofTable }[] = [];
  const lists: { readonly file: LiabilityFile; readonly list: AssetList }[] = [];
  const users: { readonly file: LiabilityFile; readonly label: string; readonly user: UserFile | string }[] = [];
  const stop = (file: LiabilityFile, label: string, name: CheckName, reason: string, open = false): void => {
    const checks = createChecklist(disabled);
    if (open) checks.skip(name, reason);
    else checks.require(name, false, reason);
    results.set(file, tableEntry(label, layout, open ? 'undecided' : 'invalid', checks));
  };
  for (const [i, { file, place = i + 1 }] of files.entries()) {
    if (!(await opensAsJson(file))) {
      const table = await readTable(file);
      if (!table.ok) stop(file, file.name, 'table', table.error);
      else if (table.value.layout === 'one-root' && !layout.oneRoot)
        stop(file, file.name, 'table', 'one root a batch, where this exchange names two');
      else tables.push({ file, table: table.value });
      continue;
    }
    const text = await file.readText(MAX_JSON_BYTES);
    const isUser = text.ok && hasMarks(text.value, layout.userMarks);
    // What cannot be read may be a customer's too.
    const hidden = !text.ok && mayName(basename(file.name));
    const label = isUser ? `inclusion file ${place}` : hidden ? `file ${place}` : file.name;
    const json: Result<Json> = text.ok ? parseJsonQuick(text.value.replace(/^\uFEFF/, '')) : text;
    const other = json.ok ? layout.otherLayout(json.value) : null;
    if (!json.ok) stop(file, label, 'file', json.error);
    else if (other !== null) stop(file, label, 'shape', other, true);
    else if (isUser) users.push({ file, label, user: layout.readUser(json.value) });
    else {
      const list = layout.readList(json.value, file.name);
      if (typeof list === 'string') stop(file, label, 'shape', list);
      else if (lists.length === MAX_LISTS) stop(file, label, 'file', `more than ${MAX_LISTS} lists in one call`, true);
      else lists.push({ file, list });
    }
  }
  const keys = keysOf(options.circuits);
  const links: TableLink[] = [];
  const used = new Set<string>();
  for (const { file, table } of tables) {
    const { check, link } = checkTable(
      ...([file.name, table, listsFor(table, tables, lists, layout), keys, layout] as const),
      createChecklist(disabled),
    );
    results.set(file, check);
    if (link !== null) links.push(link);
    for (const name of check.uses) used.add(name);
  }
  for (const { file, list } of lists)
    if (!used.has(file.name)) {
      const checks = createChecklist(disabled);
      checkAssets(list, checks);
      checks.skip(
        'asset-totals',
        'no table of batch proofs in this call whose checks hold commits to this list of assets',
      );
      results.set(file, tableEntry(file.name, layout, checks.failed() ? 'invalid' : 'undecided', checks));
    }
  const told = layout.wholeLists ? lists.map(({ list }) => ({ slots: list.assets.length })) : [];
  for (const { file, label, user } of users)
    results.set(file, checkInclusion(user, label, links, layout, createChecklist(disabled), told));
  return files.flatMap(({ file }) => results.get(file) ?? []);
}

/** The lists that a table is to be compared with: the one it ends with, or else those that no other table ends with. */
function listsFor(
  table: ProofTable,
  tables: readonly { readonly table: ProofTable }[],
  lists: readonly { readonly list: AssetList }[],
  family: Family,
): readonly AssetList[] {
  const all = lists.map(({ list }) => list);
  const ends = (other: ProofTable, list: AssetList): boolean => {
    const version = versionOfTable(other, family, all);
    if (version === null || list.assets.length > version.slots) return false;
    return list.commit(version, false) === other.rows.at(-1)!.after;
  };
  const own = all.filter((list) => ends(table, list));
  if (own.length > 0) return own;
  return all.filter((list) => !tables.some((other) => ends(other.table, list)));
}

/** Whether the first character that is no white space opens a JSON object. */
async function opensAsJson(file: LiabilityFile): Promise<boolean> {
  if (file.bytes > MAX_TABLE_BYTES) return false;
  for await (const lines of file.readLines())
    for (const { text, fault } of lines) {
      // A line that is too long to be read is JSON without line ends: no row of a table is that long.
      if (fault !== undefined) return true;
      const start = text.trimStart();
      if (start !== '') return start.startsWith('{');
    }
  return false;
}
