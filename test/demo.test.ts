import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLitecoind } from '../demo/nodes/litecoind.ts';
import { startProgram } from './fixtures/program.ts';

/** The demo's own temporary folder, so that what it leaves behind is all that lies there. */
let root: string;
let cwd: string;
let temporary: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reservewatch-demo-test-'));
  cwd = mkdtempSync(join(root, 'cwd-'));
  temporary = mkdtempSync(join(root, 'tmp-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const demo = (...args: readonly string[]) => startProgram(['start', ...args], { cwd, env: { TMPDIR: temporary } });

/** Processes whose command line or environment names the demo's temporary folder. */
function survivors(): string[] {
  const mine = (pid: string): boolean => {
    try {
      return ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(temporary));
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && mine(name));
}

function expectNothingLeft(): void {
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(cwd)).toEqual([]);
  expect(survivors()).toEqual([]);
}

describe.skipIf(process.platform !== 'linux')('the demo', () => {
  it('tells its whole story and ends with 0, leaving nothing', async () => {
    const running = demo('--duration', '60s');
    await running.says(/first complete snapshot/);
    expect(survivors().length).toBeGreaterThan(1);
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr.includes('bug'), stdout.match(/MISSING.*/g)]).toEqual([0, false, null]);
    const order = [
      'the published list, sha256',
      'world: 24,000 USDX leave',
      'alert.fired     USDX coverage.warning',
      'world: 19,000 USDX leave',
      'alert.escalated USDX coverage.warning',
      'alert.fired     USDX coverage.critical',
      'alert.fired     USDX coverage.below-100',
      'world: 43,000 USDX come back',
      'alert.resolved  USDX coverage.below-100',
      'alert.resolved  USDX coverage.critical',
      'alert.resolved  USDX coverage.warning',
      'the whole story was told',
    ];
    const places = order.map((text) => stdout.indexOf(text));
    expect(places.map((at, index) => (at < 0 ? order[index] : null)).filter((text) => text !== null)).toEqual([]);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    // Every figure of the story is there: 104 %, 101.6 %, 99.7 %.
    for (const percent of ['104.00 %', '101.60 %', '99.70 %']) expect(stdout).toContain(percent);
    const webhooks = stdout.match(/webhook .*/g) ?? [];
    expect(webhooks.length).toBeGreaterThanOrEqual(7);
    for (const line of webhooks) expect(line).toMatch(/signature good, test: true$/);
    for (const grade of ['address-bound', 'owner-bound']) expect(stdout).toContain(grade);
    if (findLitecoind() !== null) expect(stdout).toContain('litecoind regtest');
    else expect(stdout).toContain('Bitcoin-like chain skipped: litecoind is not on PATH');
    expectNothingLeft();
  }, 180_000);

  it('says what is missing and ends with 4 where the story cannot be told in the time', async () => {
    const { code, stdout } = await demo('--duration', '5s').ended;
    expect(code).toBe(4);
    expect(stdout).toMatch(/MISSING: coverage\.below-100 did not (fire|resolve)/);
    expectNothingLeft();
  }, 120_000);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with 0 on %s, leaving nothing',
    async (signal) => {
      const running = demo();
      await running.says(/first complete snapshot/);
      running.child.kill(signal);
      const ended = await running.ended;
      expect([ended.code, ended.signal, ended.stderr]).toEqual([0, null, expect.not.stringContaining('bug')]);
      expectNothingLeft();
    },
    120_000,
  );

  it('ends on a signal while its nodes still start, leaving nothing', async () => {
    const running = demo('--duration', '60s');
    await running.says(/this is the demo/);
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
    expectNothingLeft();
  }, 120_000);
});
