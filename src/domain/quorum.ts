import type { Result } from './result.ts';
import { type Assurance, type BalanceReading, type Outcome, READ_FAILURES, type ReadFailure } from './snapshot.ts';

/** What one operator group answered for one cell. */
export interface GroupAnswer {
  readonly group: string;
  readonly provider: string;
  readonly answer: Result<BalanceReading, ReadFailure>;
}

/** The quorum's word on one cell, and who said otherwise. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Groups whose answer is the accepted one. */
  readonly agreeing: readonly string[];
  /** Groups that stated another amount than the accepted one. */
  readonly dissenting: readonly string[];
}

/** How many operator groups must agree: a majority of those configured (two of two, two of three, one of one). */
export const quorumOf = (groups: number): number => Math.floor(groups / 2) + 1;

/**
 * Decides one cell by equality, never by median: an amount is read when a majority of the configured groups state it
 * for the same block; two groups that differ are a disagreement with names on it, a missing answer is a failure.
 */
export function decideCell(answers: readonly GroupAnswer[], configuredGroups: number): Verdict {
  const quorum = quorumOf(configuredGroups);
  const byAmount = new Map<bigint, { groups: string[]; pinned: boolean; hashes: Set<string | null> }>();
  for (const { group, answer } of answers) {
    if (!answer.ok) continue;
    const same = byAmount.get(answer.value.amount) ?? { groups: [], pinned: true, hashes: new Set() };
    same.groups.push(group);
    same.pinned &&= answer.value.hash !== null;
    same.hashes.add(answer.value.hash);
    byAmount.set(answer.value.amount, same);
  }
  for (const [amount, { groups, pinned, hashes }] of byAmount) {
    if (groups.length < quorum) continue;
    const oneBlock = pinned && hashes.size === 1;
    const assurance: Assurance = groups.length >= 2 ? (oneBlock ? 'A2' : 'A1') : oneBlock ? 'A1' : 'A0';
    const dissenting = [...byAmount].filter(([other]) => other !== amount).flatMap(([, other]) => other.groups);
    return {
      outcome: { kind: 'read', amount: amount as BalanceReading['amount'], assurance },
      agreeing: groups,
      dissenting,
    };
  }
  return { outcome: { kind: 'unread', failure: explain(answers, byAmount.size) }, agreeing: [], dissenting: [] };
}

function explain(answers: readonly GroupAnswer[], distinctAmounts: number): ReadFailure {
  if (distinctAmounts > 1) {
    const names = answers.filter(({ answer }) => answer.ok).map(({ provider }) => provider);
    return {
      code: 'disagree',
      message: `${names.join(' and ')} state different balances for one block`,
      provider: names.join(','),
      retryable: true,
    };
  }
  const failures = answers.flatMap(({ answer }) => (answer.ok ? [] : [answer.error]));
  const first = failures.sort((a, b) => READ_FAILURES.indexOf(b.code) - READ_FAILURES.indexOf(a.code))[0];
  return (
    first ?? { code: 'no_provider', message: 'too few provider groups answered', provider: 'none', retryable: true }
  );
}
