import type { VerdictCounts } from '../cached-checker.ts';
import type { Work } from '../proof-checker.ts';

const count = (value: number): string => value.toLocaleString('en-US');

/** «verified 1,204, known 98,796»: of how many rows the verdict was reached now, and of how many it was kept already. */
export const verdictsText = ({ verified, known }: VerdictCounts): string =>
  `verified ${count(verified)}, known ${count(known)}`;

/** What an interrupted run leaves: how many verdicts, where, and how to go on. */
export const keptText = ({ verified, known }: VerdictCounts, where: string): string =>
  `stopped: ${count(verified + known)} rows were done and their verdicts are kept in ${where}; the same command again does only the rest`;

/** «Work: 2 threads; secp256k1 recoveries 100,000 (native), ed25519 12»: the curve operations really done. */
export const workText = ({ threads, secp256k1, curveOperations, otherOperations = {} }: Work): string =>
  `Work: ${threads} thread${threads === 1 ? '' : 's'}; ${[
    `secp256k1 recoveries ${count(curveOperations)} (${secp256k1})`,
    ...Object.entries(otherOperations).map(([name, done]) => `${name} ${count(done)}`),
  ].join(', ')}`;
