import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileBlocks } from '../../src/lib/files.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reservewatch-blocks-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('gives all bytes in order, whatever the size of the file beside that of a block', async () => {
  for (const size of [0, 1, 63, 64, 65, 128, 1000]) {
    const path = join(folder, `${size}`);
    const bytes = Buffer.from(Array.from({ length: size }, (_, at) => at % 251));
    await writeFile(path, bytes);
    const read: Buffer[] = [];
    for await (const block of fileBlocks(path, 64)) {
      read.push(Buffer.from(block));
      // The block holds while the next one is being read.
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(block).toEqual(read.at(-1));
    }
    expect(Buffer.concat(read)).toEqual(bytes);
  }
});

it('tells what fails when the first block is asked for, and can be left early', async () => {
  await expect(fileBlocks(join(folder, 'none'), 64).next()).rejects.toThrow('ENOENT');
  await expect(fileBlocks(folder, 64).next()).rejects.toThrow('EISDIR');
  await writeFile(join(folder, 'long'), Buffer.alloc(1000));
  for await (const block of fileBlocks(join(folder, 'long'), 64)) {
    expect(block.length).toBe(64);
    break;
  }
});
