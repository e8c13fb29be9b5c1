import { seenMs } from '../compare-former.ts';
import { stateOf } from '../domain/attestation.ts';
import type { AssetCode, EntityId } from '../domain/ids.ts';
import { GRADES } from '../domain/ownership.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import { formatPpm } from '../domain/trust.ts';
import { groupDigits } from '../query/point-table.ts';
import { type ListTrust, trustJson } from '../query/point-trust.ts';
import type { Store } from '../seams.ts';
import type { CliContext } from './context.ts';
import { printJson, tableText, write } from './output.ts';
import { trustIn } from './read-trust.ts';

/** The trust of one asset in every kept list of an entity that was seen in a range of time, oldest first; rejected lists are left out. */
export const trustHistory = (
  store: Store,
  entity: EntityId,
  asset: AssetCode,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly ListTrust[] =>
  store
    .reports(entity)
    .filter((list) => stateOf(list) !== 'rejected' && seenMs(list) >= fromMs && seenMs(list) <= toMs)
    .sort((a, b) => seenMs(a) - seenMs(b))
    .flatMap((list) => trustIn(store, list, asset) ?? []);

/** Prints it, ages as they were when each list was seen. */
export async function printTrustHistory(
  context: CliContext,
  series: readonly ListTrust[],
  { json, limit }: { readonly json: boolean; readonly limit: number },
): Promise<void> {
  if (json) {
    const data = series.map((one) => trustJson(one, seenMs(one.list)));
    return printJson(context, 'reservewatch.trust-history/1', data);
  }
  const shown = series.slice(-limit);
  const grades = GRADES.filter((grade) => shown.some(({ trust }) => trust.grades[grade].ppm));
  const figures = ['CLAIMED', ...grades.map((grade) => grade.toUpperCase()), 'DATED', 'OWN NAME'];
  const rows = shown.map(({ list, trust }) => [
    formatTime(seenMs(list)),
    list.file.sha256.slice(0, 12),
    groupDigits(trust.claimed),
    ...grades.map((grade) => formatPpm(trust.grades[grade].ppm)),
    formatPpm(trust.dated.ppm),
    formatPpm(trust.named.ppm),
    trust.oldestSeenMs === null ? '–' : formatTime(trust.oldestSeenMs).slice(0, 10),
    trust.oldestSeenMs === null ? '–' : formatAge(seenMs(list) - trust.oldestSeenMs),
  ]);
  await write(
    context.stdout,
    tableText(context.stdout, ['AS OF', 'REPORT', ...figures, 'OLDEST SIGNATURE', 'ITS AGE'], rows, figures),
  );
}
