import type { Address, NetworkSlug } from './domain/ids.ts';
import type { Network } from './domain/network.ts';
import type { OwnershipProof, OwnershipVerdict } from './domain/ownership.ts';
import type { CheckedProof } from './verify-ownership.ts';

/** One proof with its network; null where that is not known. */
export interface ProofToCheck {
  readonly proof: OwnershipProof;
  readonly network: Network | null;
}

/** Values of one field over all rows of a chunk: one value where all are equal, as most of a list's fields are. */
type Column = { readonly all: string | null } | { readonly each: readonly (string | null)[] };

/** Proofs as they go to a thread: columns, because cloning an object a row costs as much as the hashing. */
export interface ProofChunk {
  readonly count: number;
  readonly fields: Readonly<Record<keyof OwnershipProof, Column>>;
  readonly networks: readonly Network[];
  readonly network: Column;
}

/** Verdicts as they come back: the distinct ones, and which of them each row has. */
export interface VerdictChunk {
  readonly verdicts: readonly OwnershipVerdict[];
  readonly which: readonly number[];
  readonly address: Column;
  readonly addressFault: Column;
}

const FIELDS = [
  'label',
  'network',
  'addressText',
  'message',
  'signature1',
  'signature2',
  'scriptOrPubkey',
  'owner1',
  'owner2',
  'rowType',
] as const satisfies readonly (keyof OwnershipProof)[];

/** Packs proofs for the way to a thread. */
export function packProofs(proofs: readonly ProofToCheck[]): ProofChunk {
  const networks = new Map(
    proofs.flatMap(({ network }) => (network === null ? [] : [[network.slug, network] as const])),
  );
  return {
    count: proofs.length,
    fields: Object.fromEntries(
      FIELDS.map((name) => [name, columnOf(proofs, ({ proof }) => proof[name])]),
    ) as unknown as ProofChunk['fields'],
    networks: [...networks.values()],
    network: columnOf(proofs, ({ network }) => network?.slug ?? null),
  };
}

/** The proofs of a chunk. `known` keeps one object a network from chunk to chunk, as families remember what they made of it. */
export function unpackProofs(chunk: ProofChunk, known: Map<NetworkSlug, Network>): readonly ProofToCheck[] {
  for (const network of chunk.networks) if (!known.has(network.slug)) known.set(network.slug, network);
  return Array.from({ length: chunk.count }, (_, row) => {
    const slug = valueAt(chunk.network, row) as NetworkSlug | null;
    const { fields } = chunk;
    return {
      network: slug === null ? null : (known.get(slug) ?? null),
      proof: {
        label: valueAt(fields.label, row) as string,
        network: valueAt(fields.network, row),
        addressText: valueAt(fields.addressText, row) as string,
        message: valueAt(fields.message, row),
        signature1: valueAt(fields.signature1, row),
        signature2: valueAt(fields.signature2, row),
        scriptOrPubkey: valueAt(fields.scriptOrPubkey, row),
        owner1: valueAt(fields.owner1, row),
        owner2: valueAt(fields.owner2, row),
        rowType: valueAt(fields.rowType, row),
      },
    };
  });
}

/** Packs outcomes for the way back. */
export function packVerdicts(checked: readonly CheckedProof[]): VerdictChunk {
  const verdicts: OwnershipVerdict[] = [];
  const places = new Map<string, number>();
  const which = checked.map(({ verdict }) => {
    const key = `${verdict.grade}\n${verdict.scheme}\n${verdict.flags.join()}\n${verdict.reason}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, verdicts.length);
    return verdicts.push(verdict) - 1;
  });
  return {
    verdicts,
    which,
    address: columnOf(checked, ({ address }) => address),
    addressFault: columnOf(checked, ({ addressFault }) => addressFault),
  };
}

/** The outcomes of a chunk, in the order of its proofs. */
export const unpackVerdicts = (chunk: VerdictChunk): readonly CheckedProof[] =>
  chunk.which.map((verdict, row) => ({
    verdict: chunk.verdicts[verdict] as OwnershipVerdict,
    address: valueAt(chunk.address, row) as Address | null,
    addressFault: valueAt(chunk.addressFault, row),
  }));

function columnOf<T>(rows: readonly T[], value: (row: T) => string | null): Column {
  const each = rows.map(value);
  const first = each[0] ?? null;
  return each.every((one) => one === first) ? { all: first } : { each };
}

const valueAt = (column: Column, row: number): string | null =>
  'all' in column ? column.all : (column.each[row] as string | null);
