import type { Attestation } from '../domain/attestation.ts';
import { GRADES } from '../domain/ownership.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import { formatPpm, type ReportTrust } from '../domain/trust.ts';

/** How well one asset's claims in one kept list are proven. */
export interface ListTrust {
  readonly list: Pick<Attestation, 'file' | 'asOfMs' | 'importedAtMs'>;
  readonly trust: ReportTrust;
}

/** Trust as `ratio` and `history` print it in JSON: amounts in coin units, shares in ppm rounded down, ages against `nowMs`. */
export const trustJson = ({ list, trust }: ListTrust, nowMs: number): Record<string, unknown> => {
  const { asset: _, oldestSeenMs, ...shares } = trust;
  return {
    report: list.file.sha256,
    asOf: list.asOfMs === null ? null : formatTime(list.asOfMs),
    ...shares,
    oldestSignature:
      oldestSeenMs === null
        ? null
        : {
            firstSeen: formatTime(oldestSeenMs),
            ageSeconds: Math.max(0, Math.floor((nowMs - oldestSeenMs) / 1000)),
          },
  };
};

/** Trust in one line: what the grades claim, what is dated, what names the publisher, and the oldest signature behind a proven row. */
export function trustLine({ trust }: ListTrust, nowMs: number): string {
  const graded = GRADES.filter((grade) => trust.grades[grade].ppm).map(
    (grade) => `${formatPpm(trust.grades[grade].ppm)} ${grade}`,
  );
  const oldest = trust.oldestSeenMs;
  const parts = [
    `of the claims ${graded.length === 0 ? 'no share is known' : graded.join(', ')}`,
    `dated ${formatPpm(trust.dated.ppm)}`,
    `in its own name ${formatPpm(trust.named.ppm)}`,
    ...(oldest === null
      ? []
      : [`oldest signature first seen ${formatTime(oldest).slice(0, 10)} (${formatAge(nowMs - oldest)} ago)`]),
    ...(trust.messageDate === null ? [] : [`earliest date signed ${trust.messageDate}`]),
  ];
  return parts.join('; ');
}
