import { formatAmount } from '../domain/amount.ts';
import type { Point } from '../domain/solvency.ts';

/**
 * What the list behind a point adds to an alert that began at a time: that a newer one waits, that the list changed meanwhile, and
 * how much of the drop at the former list's addresses the newer one explains. `before` is the last complete point from before it
 * began.
 */
export function listSentences(point: Point | null, before: Point | null, startedAtMs: number): readonly string[] {
  if (!point?.list) return [];
  const { list, explained, asset, decimals } = point;
  const sentences: string[] = [];
  if (list.waiting)
    sentences.push(`A newer report (sha256 ${list.waiting}) waits for approval; this is on the list before it.`);
  if (before?.list && before.list.report !== list.report)
    sentences.push(
      `Since it began another list is in use: address set ${before.list.setVersion} (report ${before.list.report}) → ${list.setVersion} (report ${list.report}).`,
    );
  if (explained && explained.atMs >= startedAtMs) {
    const units = (value: typeof explained.lost): string => `${formatAmount(value, decimals)} ${asset}`;
    const drop = units((explained.explained + explained.unexplained) as typeof explained.lost);
    const unknown =
      explained.unknown === 0 ? '' : ` (${explained.unknown} addresses were never read before and are left out)`;
    sentences.push(
      `Explained by report ${explained.by}: of the drop of ${drop} at the addresses of the list before it, ${units(explained.explained)} are held at addresses that this report newly lists; ${units(explained.unexplained)} are not explained${unknown}. That they are the same coins is not shown.`,
    );
  }
  return sentences;
}
