import type { ReceivedEvent } from './receiver.ts';

/** The levels of USDX that the world script crosses, in the order in which they must fire. */
const LEVELS_IN_ORDER = ['coverage.warning', 'coverage.critical', 'coverage.below-100'] as const;

/** What the receiver should have verified by the end of the story and did not, a sentence each; empty when all is told. */
export function missingFrom(received: readonly ReceivedEvent[]): readonly string[] {
  const missing: string[] = [];
  for (const bad of received.filter(({ verified, inOrder, test }) => !verified || !inOrder || !test)) {
    missing.push(
      `${bad.type} ${bad.rule} arrived ${bad.verified ? (bad.inOrder ? 'without test: true' : 'out of order') : 'without a valid signature'}`,
    );
  }
  const own = received.filter(
    ({ data, verified }) => verified && (data['asset'] as { id?: string } | undefined)?.id === 'USDX',
  );
  const indexOf = (type: string, rule: string): number =>
    own.findIndex((event) => event.type === type && event.rule === rule);
  let after = -1;
  for (const rule of LEVELS_IN_ORDER) {
    const fired = indexOf('alert.fired', rule);
    const resolved = indexOf('alert.resolved', rule);
    if (fired < 0) missing.push(`${rule} did not fire`);
    else if (fired < after) missing.push(`${rule} fired before the milder level`);
    if (fired >= 0 && resolved < 0) missing.push(`${rule} did not resolve`);
    if (resolved >= 0 && resolved < fired) missing.push(`${rule} resolved before it fired`);
    after = Math.max(after, fired);
  }
  if (indexOf('alert.escalated', LEVELS_IN_ORDER[0]) < 0) missing.push(`${LEVELS_IN_ORDER[0]} was not escalated`);
  return missing;
}
