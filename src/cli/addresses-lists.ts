import { listInUse } from '../domain/attestation.ts';
import type { Registry } from '../domain/registry.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { KeptRow } from '../seams.ts';
import { keptEntities } from './addresses-find.ts';
import type { CliContext } from './context.ts';
import { readList } from './read-list.ts';

/** A list whose rows come by chain, address and spelling, as often as they are asked for. */
export interface RowsOfList {
  /** Whose list it is; the file's name where nobody says. */
  readonly publisher: string;
  readonly file: { readonly name: string; readonly sha256: string; readonly format: string };
  /** All of them, or at least those of the addresses. */
  readonly rows: (addresses?: readonly string[]) => Iterable<KeptRow>;
}

/** Which lists: a file, or the lists in use of one entity or of all. */
export interface ListsOptions {
  readonly entity?: string;
  readonly file?: string;
  readonly db?: string;
  readonly allowPrivateAddress?: boolean;
}

/** Hands the lists to `run`, with the store open meanwhile, and gives what it returned. */
export async function withLists<T>(
  context: CliContext,
  registry: Registry,
  options: ListsOptions,
  run: (lists: readonly RowsOfList[]) => Promise<T>,
): Promise<Result<T>> {
  if (options.file !== undefined) {
    const list = await listOfFile(context, options.file, options);
    return list.ok ? ok(await run([list.value])) : list;
  }
  const opened = await context.openStore(options.db ?? null, { mustExist: true });
  if (!opened.ok) return opened;
  const { store } = opened.value;
  try {
    const entities = keptEntities(store, registry, options.entity);
    if (!entities.ok) return err(entities.error);
    const lists = entities.value.flatMap(({ id }): RowsOfList[] => {
      const file = listInUse(store.reports(id))?.file;
      return file === undefined
        ? []
        : [{ publisher: id, file, rows: (addresses) => store.listedRows(file.sha256, id, addresses) }];
    });
    return ok(await run(lists));
  } finally {
    store.close();
  }
}

async function listOfFile(
  context: CliContext,
  place: string,
  { entity, db, allowPrivateAddress }: ListsOptions,
): Promise<Result<RowsOfList>> {
  const list = await readList(context, place, {
    ...(entity === undefined ? {} : { entity }),
    ...(db === undefined ? {} : { db }),
    allowPrivateAddress: allowPrivateAddress === true,
  });
  if (!list.ok) return list;
  const { entity: owner, verified, rows } = list.value;
  const sorted = rows.toSorted((a, b) => compare(placeOf(a), placeOf(b)) || a.listed.row.line - b.listed.row.line);
  return ok({ publisher: owner?.id ?? verified.file.name, file: verified.file, rows: () => sorted });
}

const placeOf = ({ listed: { resolved, address, row } }: KeptRow): string =>
  `${resolved.chain ?? ''}\n${address ?? ''}\n${row.addressText}`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
