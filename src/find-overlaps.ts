import type { ListedRow } from './domain/attestation.ts';
import { outweighs } from './domain/dispute.ts';
import { countsAsProven, type OwnershipVerdict } from './domain/ownership.ts';
import { stringifyJson } from './lib/json.ts';
import { signatureBytes } from './lib/signature-bytes.ts';

/** One publisher's rows; several lists of one publisher are one. */
export interface PublisherRows {
  readonly publisher: string;
  readonly rows: readonly { readonly listed: ListedRow; readonly verdict: OwnershipVerdict }[];
}

/** What one publisher says of an address that another lists too. */
export interface Claim {
  readonly publisher: string;
  /** CAIP-2, or network texts where the chain is not known. */
  readonly chains: readonly string[];
  readonly assets: readonly string[];
  /** The spellings in print: two or more are one address, counted once. */
  readonly addressTexts: readonly string[];
  readonly rows: number;
  /** Rows whose signature proves the address in the publisher's own name; a claim without any never outweighs one that has them. */
  readonly proven: number;
  /** True where another publisher claims it with no weaker proof: taken that every list is its publisher's own. */
  readonly disputed: boolean;
}

/** An address that two publishers list. */
export interface Overlap {
  readonly address: string;
  readonly claims: readonly Claim[];
  /** True where rows of two publishers carry the very same signature: one copied them from the other. */
  readonly copied: boolean;
}

/**
 * Finds every address that two or more publishers list, whatever the spelling. Chains of one namespace are one (an account
 * of one EVM chain is the same key on all): rows on different ones are one overlap, and say their chains.
 */
export function findOverlaps(lists: readonly PublisherRows[]): readonly Overlap[] {
  const byAddress = new Map<string, Map<string, PublisherRows['rows'][number][]>>();
  for (const { publisher, rows } of lists) {
    for (const row of rows) {
      const key = placeOf(row.listed);
      const publishers = byAddress.get(key) ?? new Map<string, PublisherRows['rows'][number][]>();
      byAddress.set(key, publishers);
      const known = publishers.get(publisher);
      if (known === undefined) publishers.set(publisher, [row]);
      else known.push(row);
    }
  }
  const overlaps: Overlap[] = [];
  for (const publishers of byAddress.values()) {
    if (publishers.size < 2) continue;
    const groups = [...publishers];
    const { address, row } = firstRow(publishers);
    overlaps.push({
      address: address ?? row.addressText,
      claims: weighClaims(groups.map(([publisher, rows]) => claimOf(publisher, rows))),
      copied: shareSignature(groups.map(([, rows]) => rows)),
    });
  }
  return overlaps;
}

function firstRow(publishers: ReadonlyMap<string, PublisherRows['rows']>): ListedRow {
  for (const rows of publishers.values()) for (const { listed } of rows) return listed;
  throw new Error('a publisher without rows');
}

/** Where an address is the same key: its chain's namespace and its canonical form; else both as printed. */
function placeOf({ resolved, address, row }: ListedRow): string {
  if (resolved.chain === null || address === null) return stringifyJson([row.network, row.addressText]);
  return stringifyJson([resolved.chain.slice(0, resolved.chain.indexOf(':') + 1), address]);
}

const weighClaims = (claims: readonly Omit<Claim, 'disputed'>[]): readonly Claim[] =>
  claims.map((own) => ({
    ...own,
    disputed: claims.some(
      (other) =>
        other !== own && outweighs({ issuedBy: 'publisher', proven: other.proven > 0 }, { proven: own.proven > 0 }),
    ),
  }));

function claimOf(publisher: string, rows: PublisherRows['rows']): Omit<Claim, 'disputed'> {
  const each = (pick: (row: ListedRow) => string | null): readonly string[] =>
    [...new Set(rows.flatMap(({ listed }) => pick(listed) ?? []))].sort();
  return {
    publisher,
    chains: each(({ resolved, row }) => resolved.chain ?? row.network),
    assets: each(({ resolved, row }) => resolved.asset ?? row.label),
    addressTexts: each(({ row }) => row.addressText),
    rows: rows.length,
    proven: rows.filter(({ verdict }) => countsAsProven(verdict)).length,
  };
}

function shareSignature(groups: readonly PublisherRows['rows'][]): boolean {
  const seen = new Set<string>();
  for (const rows of groups) {
    const own = new Set(
      rows.flatMap(({ listed: { row } }) =>
        [row.signature1, row.signature2].flatMap((text) => (text && signatureBytes(text)) || []),
      ),
    );
    for (const signature of own) if (seen.has(signature)) return true;
    for (const signature of own) seen.add(signature);
  }
  return false;
}
