import type { ListedRow } from '../domain/attestation.ts';
import { listInUse } from '../domain/attestation.ts';
import type { Address, ChainId, Sha256 } from '../domain/ids.ts';
import type { OwnershipVerdict } from '../domain/ownership.ts';
import type { Entity, Registry } from '../domain/registry.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { disputersOf, findDisputes } from '../find-disputes.ts';
import { loadChainFamily } from '../load-chain.ts';
import type { Store } from '../seams.ts';
import type { CliContext } from './context.ts';
import { entityOf } from './entity-of.ts';
import { readList } from './read-list.ts';

/** A row of a list that lists the address that was asked for. */
export interface FoundRow {
  readonly file: { readonly name: string; readonly sha256: Sha256; readonly format: string };
  readonly entity: Entity | null;
  readonly listed: ListedRow;
  readonly verdict: OwnershipVerdict;
}

/** Where to look: a file, or the lists in use of one entity or of all. */
export interface FindOptions {
  readonly entity?: string;
  readonly file?: string;
  readonly db?: string;
  readonly allowPrivateAddress?: boolean;
}

/** Every row of an address, whatever its spelling in the question and in print. */
export async function findRows(
  context: CliContext,
  registry: Registry,
  address: string,
  options: FindOptions,
): Promise<Result<readonly FoundRow[]>> {
  const spellings = await canonicalSpellings(registry, address);
  const isAsked = ({ row, resolved, address: canonical }: ListedRow): boolean =>
    row.addressText === address ||
    (canonical !== null && resolved.chain !== null && spellings.get(resolved.chain) === canonical);
  return options.file === undefined
    ? findKept(context, registry, [...new Set([address, ...spellings.values()])], isAsked, options)
    : findInFile(context, options.file, isAsked, options);
}

/** What the text is on every network that can read it. */
export async function canonicalSpellings(registry: Registry, text: string): Promise<ReadonlyMap<ChainId, string>> {
  const spellings = new Map<ChainId, string>();
  for (const network of registry.networks.values()) {
    const family = await loadChainFamily(network.family);
    const parsed = family.ok ? family.value.parseAddress(text, network) : family;
    if (parsed.ok) spellings.set(network.chainId, parsed.value);
  }
  return spellings;
}

async function findInFile(
  context: CliContext,
  place: string,
  isAsked: (listed: ListedRow) => boolean,
  { entity, db, allowPrivateAddress }: FindOptions,
): Promise<Result<readonly FoundRow[]>> {
  const list = await readList(context, place, {
    ...(entity === undefined ? {} : { entity }),
    ...(db === undefined ? {} : { db }),
    allowPrivateAddress: allowPrivateAddress === true,
    only: ({ listed }) => isAsked(listed),
  });
  if (!list.ok) return list;
  const { entity: owner, verified, rows } = list.value;
  return ok(rows.map(({ listed, verdict }) => ({ file: verified.file, entity: owner, listed, verdict })));
}

async function findKept(
  context: CliContext,
  registry: Registry,
  addresses: readonly string[],
  isAsked: (listed: ListedRow) => boolean,
  { entity, db }: FindOptions,
): Promise<Result<readonly FoundRow[]>> {
  const opened = await context.openStore(db ?? null, { mustExist: true });
  if (!opened.ok) return opened;
  const { store } = opened.value;
  try {
    const chosen = keptEntities(store, registry, entity);
    if (!chosen.ok) return chosen;
    return ok(
      chosen.value.flatMap((owner) => {
        const file = listInUse(store.reports(owner.id))?.file;
        if (file === undefined) return [];
        const rows = [...store.listedRows(file.sha256, owner.id, addresses)];
        const disputers = disputersOf(findDisputes({ store, registry }, owner.id));
        return rows
          .filter(({ listed }) => isAsked(listed))
          .map(({ listed, verdict }) => ({
            ...{ file, entity: owner, listed },
            verdict: isDisputed(listed, disputers)
              ? { ...verdict, flags: [...verdict.flags, 'disputed' as const] }
              : verdict,
          }));
      }),
    );
  } finally {
    store.close();
  }
}

const isDisputed = ({ resolved: { chain }, address }: ListedRow, disputers: ReturnType<typeof disputersOf>): boolean =>
  chain !== null && address !== null && disputers(chain, address as Address).length > 0;

/** The entities of which a list is in use: the one that is named, or all; an error where there is none. */
export function keptEntities(store: Store, registry: Registry, named: string | undefined): Result<readonly Entity[]> {
  const entity = named === undefined ? null : entityOf(registry, named);
  if (entity?.ok === false) return entity;
  const wanted = entity === null ? [...registry.entities.values()] : [entity.value];
  const kept = wanted.filter(({ id }) => listInUse(store.reports(id)) !== null);
  return kept.length > 0
    ? ok(kept)
    : err(`no list of ${named ?? 'any entity'} is kept yet; next: reservewatch report import <file>`);
}
