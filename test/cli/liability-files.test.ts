import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallFile, checkLiabilities } from '../../src/check-liabilities.ts';
import { checkOpened, openLiabilityFiles } from '../../src/cli/liability-files.ts';
import { bitmexFile, leafListFile, okxV1File, okxV2Files } from '../liabilities/merkle/generate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function opened(...paths: string[]): Promise<readonly CallFile[]> {
  const files = await openLiabilityFiles(paths);
  if (!files.ok) throw new Error(files.error);
  return files.value.files;
}

/** The same files, with something done once all beginnings were read. */
const actingAfter = (files: readonly CallFile[], act: () => void): readonly CallFile[] =>
  files.map((file, at) => ({
    ...file,
    readHead: async () => {
      const head = await file.readHead();
      if (at === files.length - 1) act();
      return head;
    },
  }));

describe('a file that cannot be read to its end', () => {
  const list = leafListFile(5);
  it.each([
    ['a path', 'x.json', JSON.stringify(okxV1File())],
    ['a tree', 'x.csv', bitmexFile([1n, 2n, 3n, 4n])],
    ["a customer's leaves", 'x.txt', JSON.stringify(okxV2Files([['1', '2', '3']], [1]).users[0])],
    ['a list of leaves', 'x.txt', list.list],
  ])('%s that vanishes gives no verdict but an error with its name', async (_what, name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    const files = actingAfter(await opened(path), () => rmSync(path));
    expect(await checkOpened({ files, leftOut: [] }, [])).toEqual({
      ok: false,
      error: `${path}: the file does not exist`,
    });
  });

  it('is told apart from a folder that took its place', async () => {
    const path = join(folder, 'tree.csv');
    writeFileSync(path, bitmexFile([1n, 2n]));
    const files = actingAfter(await opened(path), () => {
      rmSync(path);
      mkdirSync(path);
    });
    expect(await checkOpened({ files, leftOut: [] }, [])).toEqual({
      ok: false,
      error: `${path}: this is a folder, not a file`,
    });
  });

  it('is never passed over as no proof, wherever it lies', async () => {
    const good = join(folder, 'good.json');
    writeFileSync(good, JSON.stringify(okxV1File()));
    writeFileSync(join(folder, 'other'), 'x');
    const files = (await opened(folder)).map((file) =>
      file.name === good ? file : { ...file, readHead: async () => ({ ok: false, error: 'no permission' }) as const },
    );
    const { entries, warnings } = await checkLiabilities(files, { circuits: [] });
    expect(entries.map(({ verdict, checks }) => [verdict, checks.at(-1)?.detail])).toEqual([
      ['valid', expect.anything()],
      ['undecided', 'no permission'],
    ]);
    expect(warnings).toEqual([]);
  });
});
