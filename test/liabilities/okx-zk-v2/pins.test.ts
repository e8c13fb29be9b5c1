import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { circuitGiven, loadCircuitPins } from '../../../src/liabilities/okx-zk-v2/pins.ts';
import { sha256Hex } from '../../../src/lib/hash.ts';

const SHIPPED = resolve(import.meta.dirname, '../../../config/circuits');
const folder = mkdtempSync(join(tmpdir(), 'reservewatch-pins-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hex = readFileSync(join(SHIPPED, 'okx-zk-v2-508787475.hex'), 'utf8').trim();
const whole = {
  name: 'x',
  verifierData: 'x.hex',
  sha256: sha256Hex(Buffer.from(hex, 'hex')),
  madeBy: 'a test',
  how: 'copied',
  rounds: ['1'],
  batchSize: 4,
  branchout: 4,
  levels: null,
  tokenCount: null,
};
const load = (change: Readonly<Record<string, unknown>>) => {
  writeFileSync(join(folder, 'x.hex'), `${hex}\n`);
  writeFileSync(join(folder, 'okx-zk-v2-x.json'), JSON.stringify({ ...whole, ...change }));
  return loadCircuitPins(folder);
};

describe('circuit pins', () => {
  it('ship with who made them and how', () => {
    const pins = loadCircuitPins(SHIPPED);
    expect(pins.ok).toBe(true);
    for (const pin of pins.ok ? pins.value : []) {
      expect(pin.provenance).toMatch(/made by .+; .+/);
      expect(circuitGiven(pin.verifierData, 'again').ok).toBe(true);
    }
  });

  it('say which file is wrong and why', () => {
    expect(load({})).toMatchObject({ ok: true, value: [{ name: 'x', scope: 'known', batchSize: 4, levels: null }] });
    const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
      [{ sha256: 'ab' }, 'another sha256'],
      [{ how: undefined }, 'are needed'],
      [{ rounds: [1] }, 'rounds'],
      [{ batchSize: '4' }, 'batchSize'],
      [{ verifierData: '../x.hex' }, 'verifierData'],
      [{ verifierData: 'absent.hex' }, 'absent.hex'],
    ];
    for (const [change, reason] of wrong) {
      const result = load(change);
      expect(result.ok).toBe(false);
      expect(result.ok ? '' : result.error).toContain(`okx-zk-v2-x.json: `);
      expect(result.ok ? '' : result.error).toContain(reason);
    }
  });

  it('given by hand are read whole or refused', () => {
    expect(circuitGiven(` ${hex.slice(0, 100)}\n${hex.slice(100).toUpperCase()}\n`, 'given')).toMatchObject({
      ok: true,
      value: { verifierData: hex, scope: 'given' },
    });
    for (const bad of ['', 'xyz', hex.slice(2), hex.slice(0, -2), `${hex}00`, 'ab'.repeat(70_000)])
      expect(circuitGiven(bad, 'given').ok).toBe(false);
  });
});
