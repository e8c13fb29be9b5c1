import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { EntityId } from '../../src/domain/ids.ts';
import type { Store } from '../../src/seams.ts';
import { openStore } from '../../src/store/open-store.ts';
import {
  ACME,
  alertState,
  cell,
  clock,
  ETH,
  event,
  failed,
  HOOK,
  listedRow,
  mustOpen,
  point,
  REPORT,
  read,
  record,
  report,
  tempFolder,
  USDT,
  USDT_1,
  verdict,
} from './records.ts';

interface Trigger {
  readonly name: string;
  readonly sql: string;
}

/** A small history in one closed file. */
function damageable(): string {
  const path = join(tempFolder(), 'store.db');
  const store = mustOpen(path);
  const addresses = Array.from({ length: 40 }, (_, at) => `0x${'ab'.repeat(18)}${(at + 4096).toString(16)}`);
  store.importReport(report(addresses.map((address, at) => listedRow(at + 3, USDT_1, address, `${at}.5`))));
  store.putVerdicts(new Map(addresses.map((address) => [address, verdict()])));
  store.addStatement({
    kind: 'liability',
    entity: ACME,
    asset: USDT,
    amount: { unscaled: 123456789n, scale: 2 },
    asOfMs: 1,
    source: 's',
    documentSha256: null,
    grade: 'stated',
    binding: 'none',
    recordedAtMs: 1,
  });
  for (let tick = 1; tick <= 6; tick += 1) {
    const cells = addresses.flatMap((address, at) => [
      cell(
        USDT_1,
        address,
        at % 13 === tick ? failed() : read(BigInt(at) * 10n ** 9n + BigInt(at % 3 === 0 ? tick : 0)),
      ),
      cell(ETH, address, read(10n ** 18n * BigInt(at))),
    ]);
    const total = cells.reduce(
      (sum, { query, outcome }) => (outcome.kind === 'read' && query.asset === USDT_1 ? sum + outcome.amount : sum),
      0n,
    );
    store.commitPoll(
      record(tick, cells, {
        report: REPORT,
        points: [point(total * 10n ** 12n)],
        alertStates: [alertState({ episode: tick })],
        events: [event(1, { episode: tick })],
        receivers: [HOOK],
      }),
    );
  }
  store.close();
  return path;
}

/** Everything that a total, a ratio or an alert is made from. */
const figures = (store: Store): string =>
  JSON.stringify(
    [
      store.reports(),
      store.trackedCells(REPORT, ACME),
      store.unreadRows(REPORT, ACME),
      store.statements(ACME, 'liability'),
      [...store.lastReadings(ACME)],
      store.latestPoints(),
      store.points(ACME, USDT, 0, clock.now() * 2),
      store.largestMoves(ACME, USDT, 99),
      store.latestPoll(ACME),
      store.lastReadings('other' as EntityId).size,
    ],
    (_key, value) => (typeof value === 'bigint' ? `${value}n` : value),
  );

/** A repeatable stream of numbers below a bound (mulberry32). */
function randomBelow(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

describe('damage', () => {
  it('of any bit is found by opening or checking, or changes no figure', () => {
    const path = damageable();
    const bytes = readFileSync(path);
    const reference = mustOpen(path);
    const before = figures(reference);
    expect(reference.check().faults).toEqual([]);
    reference.close();
    const random = randomBelow(20261122);
    const victim = join(tempFolder(), 'victim.db');
    const found = { open: 0, check: 0, harmless: 0 };
    for (let flip = 0; flip < 200; flip += 1) {
      const bent = Buffer.from(bytes);
      const at = random(bent.length);
      bent[at] = (bent[at] as number) ^ (1 << random(8));
      writeFileSync(victim, bent);
      const opened = openStore(victim, { clock });
      if (!opened.ok) {
        found.open += 1;
        continue;
      }
      const { faults } = opened.value.check();
      if (faults.length > 0) {
        found.check += 1;
      } else {
        found.harmless += 1;
        expect(figures(opened.value), `bit at byte ${at}`).toBe(before);
      }
      opened.value.close();
    }
    console.log(
      `200 bit flips: ${found.open} found at opening, ${found.check} by the check, ${found.harmless} harmless`,
    );
    expect(found.open + found.check).toBeGreaterThan(20);
  }, 120_000);

  it('of any figure by hand is told in a sentence', () => {
    const path = damageable();
    const victim = join(tempFolder(), 'victim.db');
    const blame = (sql: string): readonly string[] => {
      copyFileSync(path, victim);
      const db = new Database(victim);
      const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as Trigger[];
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
      db.pragma('foreign_keys = OFF');
      const { changes } = db.prepare(sql).run();
      expect(changes, sql).toBeGreaterThan(0);
      for (const trigger of triggers) db.exec(trigger.sql);
      db.close();
      const store = mustOpen(victim);
      const { faults } = store.check();
      store.close();
      return faults;
    };
    const usdt = "(SELECT id FROM asset WHERE caip19 LIKE '%erc20%')";
    const cases: readonly (readonly [sql: string, sentence: RegExp])[] = [
      [`UPDATE rollup SET total = '1' WHERE poll = 3 AND asset = ${usdt}`, /^poll 3: the rollup of .* says 1 /],
      ['UPDATE rollup SET read = read - 1 WHERE poll = 2', /^poll 2: the rollup of/],
      ["UPDATE rollup SET counts_as = 'ETH' WHERE poll = 2", /^poll 2: (its \d+ rows|point)/],
      ['DELETE FROM rollup WHERE poll = 4', /^poll 4: the rollup of .* is missing/],
      ["UPDATE balance SET amount = x'07' WHERE poll = 1 AND cell = 9", /^poll 1: the rollup of/],
      ["UPDATE balance SET assurance = 'A3' WHERE poll = 1 AND cell = 9", /^poll 1: its \d+ rows have the root/],
      ['DELETE FROM balance WHERE poll = 3', /^poll 3: /],
      ["UPDATE reading SET code = 'disagree' WHERE poll = 2", /^poll 2: its \d+ rows have the root/],
      ["UPDATE coverage SET hash = '0xbad' WHERE poll = 5", /^poll 5: its \d+ rows have the root/],
      [
        'UPDATE point SET body = replace(body, \'"complete"\', \'"stale"\') WHERE poll = 5',
        /^poll 5: point 0 of USDT is filed/,
      ],
      [
        "UPDATE point SET body = '{}' WHERE poll = 5",
        /^poll 5: point 0 of USDT cannot be read: point.entity is not text/,
      ],
      ["UPDATE alert_event SET body = '{}' WHERE poll = 5", /^message .* is not the event/],
      ['UPDATE header SET config_sha256 = hash WHERE poll = 2', /^poll 2: its header does not have its own hash/],
      ['DELETE FROM header WHERE poll = 6', /^poll 6 has no header/],
      ['DELETE FROM poll WHERE id = 6', /names a row of poll that does not exist/],
      [
        "UPDATE current_balance SET amount = x'01' WHERE cell = 4",
        /^the present state of .* is not what its history says/,
      ],
      ['DELETE FROM current_balance WHERE cell = 80', /^the history has 80 cells, the present state 79/],
      ["UPDATE report_row SET amount = '99' WHERE line = 7", /^report a+ is not as it was imported/],
      ['DELETE FROM report_row WHERE line = 7', /^report a+ was kept with 40 rows, 39 are there/],
      ["UPDATE statement SET amount = '1'", /^statement 1 of acme is not as it was kept/],
      ["UPDATE verdict SET grade = 'listed'", /^verdict 0x\w+ is not as it was kept/],
      ["UPDATE outbox SET body = '{}' WHERE seq = 1", /^message .* is not the event/],
    ];
    for (const [sql, sentence] of cases) {
      const faults = blame(sql);
      expect(
        faults.some((fault) => sentence.test(fault)),
        `${sql}: ${faults.slice(0, 3).join(' | ')}`,
      ).toBe(true);
    }
  });

  it('cannot be covered up by rewriting a poll with all its hashes: the head that somebody noted differs', () => {
    const headAfter = (amount: bigint) => {
      const store = mustOpen(join(tempFolder(), 'store.db'));
      store.commitPoll(record(1, [cell(USDT_1, '0x1', read(amount))]));
      store.commitPoll(record(2, [cell(USDT_1, '0x1', read(3n))]));
      const head = store.latestPoll(ACME)?.rootHash;
      store.close();
      return head;
    };
    expect(headAfter(1n)).toBe(headAfter(1n));
    expect(headAfter(1n)).not.toBe(headAfter(2n));
  });

  it('of the write-ahead log loses a tail of polls at most', () => {
    const path = join(tempFolder(), 'store.db');
    const store = mustOpen(path);
    for (let tick = 1; tick <= 8; tick += 1) store.commitPoll(record(tick, [cell(USDT_1, '0x1', read(BigInt(tick)))]));
    const main = readFileSync(path);
    const wal = readFileSync(`${path}-wal`);
    store.close();
    const random = randomBelow(7);
    const copy = join(tempFolder(), 'torn.db');
    for (let torn = 0; torn < 25; torn += 1) {
      writeFileSync(copy, main);
      const cut = Buffer.from(wal.subarray(0, torn % 2 === 0 ? random(wal.length) : wal.length));
      if (torn % 2 === 1) {
        const at = 32 + random(cut.length - 32);
        cut[at] = (cut[at] as number) ^ 0x10;
      }
      writeFileSync(`${copy}-wal`, cut);
      const survivor = mustOpen(copy);
      const { polls, faults } = survivor.check();
      expect(faults).toEqual([]);
      expect(survivor.lastReadings(ACME).size).toBe(polls > 0 ? 1 : 0);
      for (const { amount } of survivor.lastReadings(ACME).values()) expect(amount).toBe(BigInt(polls));
      survivor.close();
    }
  });
});
