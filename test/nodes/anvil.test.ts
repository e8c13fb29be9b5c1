import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { findAnvil, startAnvil } from '../../demo/nodes/anvil.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('reservewatch-anvil-'));

describe.skipIf(findAnvil() === null)('startAnvil (skipped where npm has no anvil for the platform)', () => {
  it('answers on the chain asked for, and leaves neither process nor folder', async () => {
    const anvil = await startAnvil({ chainId: 4242 });
    const own = folders();
    expect(await anvil.rpc('eth_chainId')).toBe('0x1092');
    expect(isAlive(anvil.pid)).toBe(true);
    await expect(anvil.rpc('no_such_method')).rejects.toThrow('no_such_method');
    await anvil.stop();
    await anvil.stop();
    expect(isAlive(anvil.pid)).toBe(false);
    expect(own.length - own.filter((name) => folders().includes(name)).length).toBeGreaterThanOrEqual(1);
  });

  it('says why it did not start', async () => {
    const first = await startAnvil();
    const port = Number(new URL(first.url).port);
    await expect(startAnvil({ port, chainId: 1 })).rejects.toThrow(/anvil did not start/);
    await first.stop();
  });
});
