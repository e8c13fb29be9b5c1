import { type Attestation, listInUse } from '../domain/attestation.ts';
import { type EntityId, escapeText, type Sha256 } from '../domain/ids.ts';
import type { Entity, Registry } from '../domain/registry.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import { type AssetTrust, type CountedShare, formatPpm } from '../domain/trust.ts';
import { disputersOf, findDisputes } from '../find-disputes.ts';
import { groupDigits } from '../query/point-table.ts';
import type { Store } from '../seams.ts';
import type { CliContext } from './context.ts';
import { disputeWarnings } from './dispute-text.ts';

/** What a database knows of a file that it keeps: its trust with ages, its rows that other publishers dispute, and what is to be said of that. */
export interface KeptKnowledge {
  readonly trust: readonly VerifiedTrust[];
  /** Rows of accounts that another publisher's list in use puts in doubt. */
  readonly disputedRows: number;
  readonly warnings: readonly string[];
}

/** A file's trust, with when the oldest signature behind a proven row was first seen (null where that is not known). */
export type VerifiedTrust = AssetTrust & { readonly oldestSeenMs: number | null };

/**
 * Adds to a file's trust since when its signatures are known, where a database is named that keeps the file for the entity; where the
 * file is the list in use also what other publishers' lists dispute of it.
 */
export async function readKeptKnowledge(
  context: CliContext,
  registry: Registry,
  trust: readonly AssetTrust[],
  file: { readonly sha256: Sha256; readonly entity: EntityId | null; readonly db: string | undefined },
): Promise<KeptKnowledge> {
  const unknown = trust.map((one) => ({ ...one, oldestSeenMs: null }));
  const nothing = (...warnings: readonly string[]) => ({ trust: unknown, disputedRows: 0, warnings });
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
    return {
      trust: unknown.map((one) => ({
        ...one,
        oldestSeenMs: known.find(({ asset }) => asset === one.asset)?.oldestSeenMs ?? null,
      })),
      disputedRows: inUse ? countDisputed(store, registry, kept) : 0,
      warnings: inUse ? disputeWarnings({ store, registry }, kept.entity) : [],
    };
  } finally {
    store.close();
  }
}

function countDisputed(store: Store, registry: Registry, { file, entity }: Attestation): number {
  const disputes = findDisputes({ store, registry }, entity);
  if (disputes.length === 0) return 0;
  const disputers = disputersOf(disputes);
  let rows = 0;
  for (const { listed } of store.listedRows(
    file.sha256,
    entity,
    disputes.map(({ address }) => address),
  )) {
    const { chain } = listed.resolved;
    if (chain !== null && listed.address !== null && disputers(chain, listed.address).length > 0) rows += 1;
  }
  return rows;
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
