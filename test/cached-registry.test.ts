import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { fromPlain, loadShippedRegistry, toPlain } from '../src/cached-registry.ts';
import { readCopy, writeCopy } from '../src/lib/keyed-copy.ts';
import { loadRegistry } from '../src/load-registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'reservewatch-registry-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = pathToFileURL(join(folder, 'copy.json'));

const loaded = loadRegistry();
if (!loaded.ok) throw new Error('the shipped registry does not load');
const registry = loaded.value;

describe('the copy of the shipped registry', () => {
  it('is the registry again, maps in their order and one object a network', () => {
    writeCopy(file, 'key', toPlain(registry));
    const again = fromPlain(readCopy(file, 'key') as ReturnType<typeof toPlain>);
    expect(again).toEqual(registry);
    for (const name of ['networks', 'networksById', 'assets', 'entities', 'labelBooks', 'assetDecimals'] as const) {
      expect([...again[name].keys()]).toEqual([...registry[name].keys()]);
    }
    for (const network of again.networks.values()) {
      expect(again.networksById.get(network.chainId)).toBe(network);
      expect(again.assets.get(network.native.id)).toBe(network.native);
    }
    expect(readdirSync(folder)).toEqual(['copy.json']);
  });

  it('is not used under another key, nor where it is damaged or missing', () => {
    writeCopy(file, 'key', { some: 'value' });
    expect(readCopy(file, 'other')).toBeNull();
    writeFileSync(file, '{"key":"key","val');
    expect(readCopy(file, 'key')).toBeNull();
    expect(readCopy(pathToFileURL(join(folder, 'none.json')), 'key')).toBeNull();
    writeCopy(pathToFileURL(join(folder, 'no-such-folder', 'copy.json')), 'key', {});
  });

  it('is not made by sources that run uncompiled', async () => {
    expect(await loadShippedRegistry()).toEqual(loaded);
  });
});
