import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  ACME,
  cell,
  clock,
  failed,
  listedRow,
  mustOpen,
  point,
  read,
  record,
  report,
  tempFolder,
  tempStore,
  USDT_1,
} from './records.ts';

const now = clock.now();
const TTL = 60_000;

describe('the poller lock', () => {
  it('is held by one owner, who refreshes it; another is told who', () => {
    const { store: one, path } = tempStore();
    const two = mustOpen(path);
    expect(one.lockPoller('alpha', now, TTL).ok).toBe(true);
    expect(two.lockPoller('beta', now + 59_000, TTL)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/polled by alpha \(process \d+, last heartbeat 59 s ago\)/),
    });
    expect(one.lockPoller('alpha', now + 50_000, TTL).ok).toBe(true);
    expect(two.lockPoller('beta', now + 100_000, TTL).ok).toBe(false);
    two.unlockPoller('beta');
    expect(two.lockPoller('beta', now + 100_000, TTL).ok).toBe(false);
    one.unlockPoller('alpha');
    expect(two.lockPoller('beta', now + 100_000, TTL).ok).toBe(true);
    two.close();
  });

  it('keeps a poll out that its owner did not make', () => {
    const { store: one, path } = tempStore();
    const two = mustOpen(path);
    const poll = record(1, [cell(USDT_1, '0x1', read(1n))]);
    one.lockPoller('alpha', now, TTL);
    expect(() => two.commitPoll(poll)).toThrow(/lock is held by alpha/);
    expect(one.commitPoll(poll)).toBe(1);
    // Alpha sleeps past its time, beta takes over: alpha's late poll must not land.
    expect(two.lockPoller('beta', now + TTL, TTL).ok).toBe(true);
    expect(() => one.commitPoll(poll)).toThrow(/lock is held by beta/);
    expect(two.commitPoll(poll)).toBe(2);
    two.close();
  });

  it('is free when its process is gone, without waiting for its time', async () => {
    const { store, path } = tempStore();
    store.lockPoller('alpha', now, TTL);
    const setPid = (pid: number) => {
      const db = new Database(path);
      db.prepare('UPDATE poller SET pid = ?').run(pid);
      db.close();
    };
    const alive = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const gone = spawnSync(process.execPath, ['-e', '']);
    try {
      setPid(alive.pid as number);
      expect(store.lockPoller('beta', now, TTL).ok).toBe(false);
      setPid(gone.pid);
      expect(store.lockPoller('beta', now, TTL).ok).toBe(true);
    } finally {
      alive.kill('SIGKILL');
    }
  });
});

describe('a backup', () => {
  it('is one file that opens, checks clean, and says the same', async () => {
    const { store, path } = tempStore();
    store.importReport(report([listedRow(3, USDT_1, '0x1', '1')]));
    for (const tick of [1, 2, 3]) {
      store.commitPoll(
        record(tick, [cell(USDT_1, '0x1', read(BigInt(tick))), cell(USDT_1, '0x2', failed())], {
          points: [point(BigInt(tick) * 10n ** 12n)],
        }),
      );
    }
    store.lockPoller('alpha', now, TTL);
    const copy = join(tempFolder(), 'copy.db');
    expect(await store.backup(copy)).toEqual({ ok: true, value: undefined });
    expect(readdirSync(join(copy, '..'))).toEqual(['copy.db']);
    const restored = mustOpen(copy);
    expect(restored.check()).toEqual(store.check());
    expect(restored.check().faults).toEqual([]);
    expect(restored.latestPoll(ACME)).toEqual(store.latestPoll(ACME));
    expect(restored.lastReadings(ACME)).toEqual(store.lastReadings(ACME));
    expect(restored.points(ACME, point(0n).asset, 0, now * 2)).toEqual(store.points(ACME, point(0n).asset, 0, now * 2));
    // The lock stays with the database that is polled.
    expect(restored.lockPoller('beta', now, TTL).ok).toBe(true);
    expect(restored.commitPoll(record(4, [cell(USDT_1, '0x1', read(9n))]))).toBe(4);
    expect(restored.check().faults).toEqual([]);
    restored.close();
    expect(existsSync(path)).toBe(true);
  });

  it('overwrites nothing, and leaves nothing where it cannot be written', async () => {
    const { store } = tempStore();
    const folder = tempFolder();
    const path = join(folder, 'precious.txt');
    writeFileSync(path, 'precious');
    expect(await store.backup(path)).toMatchObject({ ok: false, error: expect.stringContaining('exists already') });
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect((await store.backup(join(folder, 'no', 'such', 'copy.db'))).ok).toBe(false);
    expect(readdirSync(folder)).toEqual(['precious.txt']);
  });
});
