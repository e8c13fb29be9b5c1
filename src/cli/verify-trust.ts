import { type Attestation, type ListedRow, listInUse } from '../domain/attestation.ts';
import type { Dispute } from '../domain/dispute.ts';
import { type EntityId, escapeText, type Sha256 } from '../domain/ids.ts';
import type { Entity, Registry } from '../domain/registry.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import { type AssetTrust, type CountedShare, formatPpm } from '../domain/trust.ts';
import { disputersOf, findDisputes } from '../find-disputes.ts';
import { groupDigits } from '../query/point-table.ts';
import type { VerifiedItem } from '../report-tally.ts';
import type { Store } from '../seams.ts';
import type { CliContext } from './context.ts';
import { disputeWarnings } from './dispute-text.ts';

/** What a database knows of a file that it keeps: since when its signatures are known, its rows that other publishers dispute, and what is to be said of that. */
export interface KeptKnowledge {
  /** A trust of the file, with the ages that are known. */
  withAges(trust: readonly AssetTrust[]): readonly VerifiedTrust[];
  /** Rows of accounts that another publisher's list in use puts in doubt. */
  readonly disputedRows: number;
  /** The items with such rows flagged. */
  flagged(items: readonly VerifiedItem[]): readonly VerifiedItem[];
  readonly warnings: readonly string[];
}

/** A file's trust, with when the oldest signature behind a proven row was first seen (null where that is not known). */
export type VerifiedTrust = AssetTrust & { readonly oldestSeenMs: number | null };

/**
 * Reads since when a file's signatures are known, where a database is named that keeps the file for the entity; where the file is the
 * list in use also what other publishers' lists dispute of it.
 */
export async function readKeptKnowledge(
  context: CliContext,
  registry: Registry,
  file: { readonly sha256: Sha256; readonly entity: EntityId | null; readonly db: string | undefined },
): Promise<KeptKnowledge> {
  const nothing = (...warnings: readonly string[]): KeptKnowledge => ({
    withAges: (trust) => trust.map((one) => ({ ...one, oldestSeenMs: null })),
    disputedRows: 0,
    flagged: (items) => items,
    warnings,
  });
  if (file.db === undefined) return nothing();
  const opened = await context.openStore(file.db, { mustExist: true });
  if (!opened.ok) return nothing(opened.error);
  const { store } = opened.value;
  try {
    const kept = store
      .reports()
      .find((one) => one.file.sha256 === file.sha256 && (file.entity === null || one.entity === file.entity));
    if (kept === undefined) {
      return nothing(
        'the age of its signatures and who disputes its addresses are not known: that database does not keep this list (report import)',
      );
    }
    const known = store.reportTrust(file.sha256, kept.entity);
    const inUse = listInUse(store.reports(kept.entity))?.file.sha256 === file.sha256;
    const disputes = inUse ? findDisputes({ store, registry }, kept.entity) : [];
    return {
      withAges: (trust) =>
        trust.map((one) => ({
          ...one,
          oldestSeenMs: known.find(({ asset }) => asset === one.asset)?.oldestSeenMs ?? null,
        })),
      disputedRows: countDisputed(store, kept, disputes),
      flagged: flagDisputed(disputes),
      warnings: inUse ? disputeWarnings({ store, registry }, kept.entity) : [],
    };
  } finally {
    store.close();
  }
}

function countDisputed(store: Store, { file, entity }: Attestation, disputes: readonly Dispute[]): number {
  if (disputes.length === 0) return 0;
  const isDisputed = disputedIn(disputes);
  const addresses = disputes.map(({ address }) => address);
  let rows = 0;
  for (const { listed } of store.listedRows(file.sha256, entity, addresses)) if (isDisputed(listed)) rows += 1;
  return rows;
}

function disputedIn(disputes: readonly Dispute[]): (listed: ListedRow) => boolean {
  const disputers = disputersOf(disputes);
  return ({ resolved: { chain }, address }) =>
    chain !== null && address !== null && disputers(chain, address).length > 0;
}

function flagDisputed(disputes: readonly Dispute[]): KeptKnowledge['flagged'] {
  if (disputes.length === 0) return (items) => items;
  const isDisputed = disputedIn(disputes);
  return (items) =>
    items.map((item) =>
      item.kind === 'row' && isDisputed(item.listed)
        ? { ...item, verdict: { ...item.verdict, flags: [...item.verdict.flags, 'disputed'] } }
        : item,
    );
}

/** A file's trust as `verify` prints it in JSON: without an entity nobody's name can be missed. */
export const verifiedTrustJson = (
  trust: readonly VerifiedTrust[],
  entity: Entity | null,
  nowMs: number,
): readonly Record<string, unknown>[] =>
  trust.map(({ oldestSeenMs, ...one }) => ({
    ...one,
    ...(entity === null ? { named: null, foreign: null } : {}),
    oldestSignature:
      oldestSeenMs === null
        ? null
        : { firstSeen: formatTime(oldestSeenMs), ageSeconds: Math.max(0, Math.floor((nowMs - oldestSeenMs) / 1000)) },
  }));

/** What undated and foreign messages mean, and how much they sign, in plain words; empty where there are none. */
export function trustSentences(
  trust: readonly VerifiedTrust[],
  entity: Entity | null,
  nowMs: number,
): readonly string[] {
  const told = (kind: 'undated' | 'foreign', meaning: string): readonly string[] => {
    const some = trust.filter((one) => one[kind].rows > 0);
    const rows = some.reduce((sum, one) => sum + one[kind].rows, 0);
    const by = some.map((one) => `${one.asset} ${groupDigits(one[kind].amount)}${ofAll(one[kind])}`).join(', ');
    return rows === 0 ? [] : [`${rows} ${rows === 1 ? 'row signs' : 'rows sign'} ${meaning}: ${by}.`];
  };
  const seen = trust.flatMap(({ asset, oldestSeenMs }) =>
    oldestSeenMs === null
      ? []
      : [`${asset} ${formatTime(oldestSeenMs).slice(0, 10)} (${formatAge(nowMs - oldestSeenMs)} ago)`],
  );
  return [
    ...told('undated', 'a message without date, height or nonce, which may have been signed at any time'),
    ...(entity === null
      ? []
      : told('foreign', `a message that does not name ${entity.name}, and so prove nothing for it`)),
    ...(seen.length === 0
      ? []
      : [`Oldest signature behind a proven row, as first seen in a kept list: ${seen.join(', ')}.`]),
  ].map(escapeText);
}

const ofAll = ({ ppm }: CountedShare): string => (ppm === null ? '' : ` (${formatPpm(ppm)} of its claims)`);
