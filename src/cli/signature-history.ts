import type { SignatureHistory } from '../domain/signature-history.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import type { CliContext } from './context.ts';

/** What the kept reports know of signatures, by the signature as printed; empty where there is no database. */
export async function readSignatureHistories(
  context: CliContext,
  db: string | undefined,
  signatures: Iterable<string>,
): Promise<ReadonlyMap<string, readonly SignatureHistory[]>> {
  const opened = await context.openStore(db ?? null, { mustExist: true });
  if (!opened.ok) return new Map();
  const { store } = opened.value;
  try {
    return new Map([...new Set(signatures)].map((one) => [one, store.signatureHistory(one)]));
  } finally {
    store.close();
  }
}

/** One publisher's history of a signature as it is printed in JSON. */
export const signatureHistoryJson = (
  { entity, first, newest, reports, addresses }: SignatureHistory,
  nowMs: number,
): Record<string, unknown> => ({
  entity,
  firstSeen: formatTime(first.atMs),
  firstReport: first.report,
  ageSeconds: Math.max(0, Math.floor((nowMs - first.atMs) / 1000)),
  newestSeen: formatTime(newest.atMs),
  newestReport: newest.report,
  reports,
  addresses,
});

/** The same in words. */
export const signatureHistoryText = ({ entity, first, reports, addresses }: SignatureHistory, nowMs: number): string =>
  `${formatTime(first.atMs).slice(0, 10)} by ${entity}, ${formatAge(nowMs - first.atMs)} ago; ` +
  `in ${reports} kept ${reports === 1 ? 'list' : 'lists'}, at ${addresses} ${addresses === 1 ? 'address' : 'addresses'}`;
