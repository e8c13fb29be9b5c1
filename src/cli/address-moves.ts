import { type AssetMoves, diffMoves, keptReadings, type ListMoves, listedKey } from '../diff-moves.ts';
import type { ListedRow } from '../domain/attestation.ts';
import type { CliContext } from './context.ts';
import type { ReadList } from './read-list.ts';

/** A list with the name of its publisher. */
interface NamedList extends ReadList {
  readonly publisher: string;
}

/** What the next list of the publisher explains of what went down at a row's address. */
export interface ExplainedLoss extends AssetMoves {
  /** SHA-256 of the list that newly lists addresses; null where none of the drop is explained. */
  readonly explainedBy: string | null;
  /** SHA-256 of the next list, explaining or not. */
  readonly next: string;
}

/**
 * Compares each list with the publisher's next one in the order given, with readings where the store keeps both: for a row whose
 * address holds less in the next list, or is not in it, what that list explains of the drop of its asset; else null.
 */
export async function explainLosses(
  context: CliContext,
  lists: readonly NamedList[],
  db: string | undefined,
): Promise<(list: NamedList, row: ListedRow) => ExplainedLoss | null> {
  const registry = await context.registry();
  const opened = registry.ok && lists.length > 1 ? await context.openStore(db ?? null, { mustExist: true }) : null;
  const store = opened?.ok ? opened.value.store : null;
  const moves = new Map<NamedList, ListMoves & { readonly next: string }>();
  try {
    for (const [index, list] of lists.entries()) {
      const after = lists.slice(index + 1).find(({ publisher }) => publisher === list.publisher);
      if (after === undefined) continue;
      const next = after.verified.file.sha256;
      const pair = { before: list.verified.file.sha256, after: next };
      const readings = store && registry.ok ? keptReadings(store, registry.value, pair) : null;
      moves.set(list, { ...diffMoves(list.rows, after.rows, readings), next });
    }
  } finally {
    store?.close();
  }
  return (list, row) => {
    const found = moves.get(list);
    if (found === undefined || !found.lostAt.has(listedKey(row))) return null;
    const asset = row.resolved.asset ?? row.row.label;
    const one = found.moves.find((move) => move.asset === asset);
    return one ? { ...one, explainedBy: one.explained === '0' ? null : found.next, next: found.next } : null;
  };
}

/** An explained loss as named fields, short enough for a table: of all addresses of the list together, as coins have no names. */
export function lossFields(loss: ExplainedLoss | null): readonly (readonly [string, string])[] {
  if (loss === null) return [];
  const { asset, lost, raised, explained, unexplained, next, lostBy, gainedBy } = loss;
  return [
    ['went down', `in the next list, sha256 ${next}`],
    ['all lost', `${lost} ${asset} at addresses of this list (${lostBy}), ${raised} of it went to others of them`],
    [
      'explained by',
      `the new addresses of that file: ${explained} ${asset} (${gainedBy}); not explained ${unexplained}`,
    ],
  ];
}
