import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIRM_AFTER_MS, due, runDaemon, type Schedule } from '../src/daemon.ts';
import type { EntityId } from '../src/domain/ids.ts';
import { systemClock } from '../src/lib/clock.ts';

const acme = 'acme' as EntityId;
const plan: Schedule = { entity: acme, everyMs: 60_000, deadlineMs: 30_000 };

describe('due', () => {
  it('polls at once, then every interval, and never while a cycle runs', () => {
    expect(due(plan, { startedAt: null, confirmAt: null, running: false }, 5)).toBe('regular');
    expect(due(plan, { startedAt: 0, confirmAt: null, running: false }, 59_999)).toBe(null);
    expect(due(plan, { startedAt: 0, confirmAt: null, running: false }, 60_000)).toBe('regular');
    expect(due(plan, { startedAt: 0, confirmAt: 10, running: true }, 600_000)).toBe(null);
  });

  it('confirms a breach within 30 s', () => {
    expect(CONFIRM_AFTER_MS).toBeLessThanOrEqual(30_000);
    expect(due(plan, { startedAt: 0, confirmAt: 20_000, running: false }, 19_999)).toBe(null);
    expect(due(plan, { startedAt: 0, confirmAt: 20_000, running: false }, 20_000)).toBe('confirm');
  });

  it('makes up a missed tick with exactly one poll', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 60 }), (steps) => {
        let now = 0;
        let startedAt: number | null = null;
        for (const step of steps) {
          now += step;
          const reason = due(plan, { startedAt, confirmAt: null, running: false }, now);
          const overdue = startedAt === null || now - startedAt >= plan.everyMs;
          expect(reason).toBe(overdue ? 'regular' : null);
          if (reason) startedAt = now;
        }
      }),
    );
  });
});

describe('runDaemon', () => {
  const parts = (cycle: () => Promise<{ confirmAgain: boolean }>, faults: string[]) => ({
    clock: systemClock,
    schedules: [{ entity: acme, everyMs: 1, deadlineMs: 50 }],
    cycle,
    deliver: async () => undefined,
    heartbeat: () => undefined,
    onFault: (where: string, error: unknown) => faults.push(`${where}: ${(error as Error).message}`),
  });

  it('goes on after a cycle that throws, and says so', async () => {
    const stop = new AbortController();
    const faults: string[] = [];
    let calls = 0;
    const cycle = async () => {
      calls += 1;
      if (calls === 1) throw new Error('boom');
      stop.abort();
      return { confirmAgain: false };
    };
    await runDaemon(parts(cycle, faults), stop.signal);
    expect(calls).toBe(2);
    expect(faults).toEqual(['poll acme: boom']);
  });

  it('ends at once where it was stopped before it began', async () => {
    let calls = 0;
    const cycle = async () => {
      calls += 1;
      return { confirmAgain: false };
    };
    await runDaemon(parts(cycle, []), AbortSignal.abort());
    expect(calls).toBe(0);
  });

  it('confirms again where a confirmation failed', async () => {
    const stop = new AbortController();
    const asked: boolean[] = [];
    let now = 0;
    const clock = { ...systemClock, monotonic: () => now };
    const cycle = async (_entity: EntityId, fresh: boolean) => {
      asked.push(fresh);
      now += CONFIRM_AFTER_MS + 1;
      if (asked.length === 1) return { confirmAgain: true };
      if (asked.length === 2) throw new Error('boom');
      stop.abort();
      return { confirmAgain: false };
    };
    const schedules = [{ entity: acme, everyMs: 3_600_000, deadlineMs: 5_000 }];
    const ticking = { ...parts(async () => ({ confirmAgain: false }), []), clock, schedules, cycle };
    // Time passes between the ticks, too.
    const timer = setInterval(() => {
      now += CONFIRM_AFTER_MS;
    }, 300);
    await runDaemon(ticking, stop.signal);
    clearInterval(timer);
    expect(asked).toEqual([false, true, true]);
  });

  it('never runs two cycles of one entity at once', async () => {
    const stop = new AbortController();
    let running = 0;
    let most = 0;
    let calls = 0;
    const cycle = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1300));
      running -= 1;
      calls += 1;
      if (calls === 2) stop.abort();
      return { confirmAgain: false };
    };
    await runDaemon(parts(cycle, []), stop.signal);
    expect(most).toBe(1);
  });

  it('aborts a cycle at its deadline through the signal', async () => {
    const stop = new AbortController();
    const reasons: string[] = [];
    const cycle = (_entity: EntityId, _fresh: boolean, signal: AbortSignal) =>
      new Promise<{ confirmAgain: boolean }>((resolve) =>
        signal.addEventListener('abort', () => {
          reasons.push((signal.reason as Error).message);
          stop.abort();
          resolve({ confirmAgain: false });
        }),
      );
    await runDaemon({ ...parts(async () => ({ confirmAgain: false }), []), cycle }, stop.signal);
    expect(reasons).toEqual(['the poll took longer than 50 ms']);
  });
});
