// Polls a database as fast as it can until it is killed, and says on stdout where it is: `begin n`, `inside n place`,
// `acked n`, `sent id`. Writes are synchronous, so that what the parent reads had happened. Runs the compiled store.
import { writeSync } from 'node:fs';

const [storeModule, path, stallMs, seed] = process.argv.slice(2);
const { openStore } = await import(storeModule);
const say = (text) => writeSync(1, `${text}\n`);
const clock = { now: () => Date.now() };
const opened = openStore(path, { clock });
if (!opened.ok) throw new Error(opened.error);
const store = opened.value;
const CELLS = 1500;
const chain = 'eip155:1';
const asset = {
  id: `${chain}/slip44:60`,
  chain,
  kind: 'native',
  reference: null,
  symbol: 'ETH',
  decimals: 18,
  countsAs: 'ETH',
};
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** An array that says so when the store walks it, inside the transaction, and holds the transaction open for a while there. */
function announced(items, poll, place) {
  const list = [...items];
  const entries = list[Symbol.iterator].bind(list);
  const announce = () => {
    say(`inside ${poll} ${place}`);
    if (Number(stallMs) > 0 && (poll + Number(seed)) % 3 === ['points', 'states', 'events'].indexOf(place)) {
      Atomics.wait(sleeper, 0, 0, Number(stallMs));
    }
  };
  list.entries = () => {
    announce();
    return Array.prototype.entries.call([...items]);
  };
  list[Symbol.iterator] = () => {
    announce();
    return entries();
  };
  return list;
}

function record(poll) {
  const now = Date.now();
  const amounts = Array.from({ length: CELLS }, (_, at) => (at % 2 === 0 ? BigInt(at) : BigInt(at) * BigInt(poll)));
  const cells = amounts.map((amount, at) => ({
    query: { asset, address: `0x${at.toString(16)}` },
    outcome:
      (at + poll) % 50 === 0
        ? { kind: 'unread', failure: { code: 'timeout', message: 'late', provider: 'alpha', retryable: true } }
        : { kind: 'read', amount, assurance: 'A2' },
  }));
  const got = cells.filter((cell) => cell.outcome.kind === 'read');
  const total = got.reduce((sum, cell) => sum + cell.outcome.amount, 0n);
  const exact = { lo: total, hi: total };
  const source = {
    chain,
    block: { chain, height: BigInt(poll), hash: `0x${poll}`, timeMs: now, finality: 'final' },
    heightFrom: null,
    skewSeconds: 0,
    assurance: 'A2',
    groups: ['alpha', 'beta'],
    requests: 1,
    asked: CELLS,
    read: got.length,
    failed: CELLS - got.length,
  };
  const event = (sequence) => ({
    id: `evt-${poll}-${sequence}`,
    type: sequence === 1 ? 'alert.fired' : 'alert.resolved',
    fingerprint: 'f'.repeat(32),
    episode: poll,
    sequence,
    rule: 'coverage.critical',
    severity: 'critical',
    atMs: now,
    test: true,
    body: `{"poll":${poll}}`,
  });
  return {
    entity: 'acme',
    report: null,
    snapshot: {
      startedAtMs: now,
      finishedAtMs: now,
      momentMs: now,
      sources: [source],
      cells,
      supplies: [],
      providerFaults: [],
    },
    points: announced(
      [
        {
          entity: 'acme',
          asset: 'ETH',
          decimals: 18,
          atMs: now,
          kind: 'coverage',
          quality: 'complete',
          assurance: 'A2',
          claimed: total,
          custody: null,
          custodyAsOfMs: null,
          observed: exact,
          proven: exact,
          claimedUnread: 0n,
          evidence: [],
          cells: { asked: CELLS, read: got.length, failed: CELLS - got.length },
          liabilities: null,
          values: { observed: null, proven: null, 'observed+custody': null },
        },
      ],
      poll,
      'points',
    ),
    alertStates: announced(
      [
        {
          fingerprint: 'f'.repeat(32),
          rule: 'coverage.critical',
          entity: 'acme',
          asset: 'ETH',
          phase: 'ok',
          episode: poll,
          sequence: 2,
          count: 0,
          lastHeights: {},
          dataStale: false,
          severity: null,
          startedAtMs: null,
          firedAtMs: null,
          lastNotifiedAtMs: null,
          sinceMs: null,
        },
      ],
      poll,
      'states',
    ),
    events: announced([event(1), event(2)], poll, 'events'),
    receivers: [
      { name: 'hook', minSeverity: 'info' },
      { name: 'pager', minSeverity: 'critical' },
    ],
    configSha256: 'c'.repeat(64),
    codeVersion: '0.1.0',
  };
}

for (let poll = (store.latestPoll('acme')?.poll ?? 0) + 1; ; poll += 1) {
  const next = record(poll);
  say(`begin ${poll}`);
  store.commitPoll(next);
  say(`acked ${poll}`);
  for (const { id } of store.dueDeliveries(Date.now(), 1)) {
    store.recordDelivery(id, { state: 'sent', attempts: 1, notBeforeMs: 0, lastError: null });
    say(`sent ${id}`);
  }
}
