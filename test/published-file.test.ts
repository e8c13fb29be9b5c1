import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register as registerReport } from '../src/cli/report.ts';
import { register as registerVerify } from '../src/cli/verify.ts';
import { LIMITS } from '../src/domain/limits.ts';
import { ok } from '../src/domain/result.ts';
import { systemClock } from '../src/lib/clock.ts';
import { readableFile } from '../src/lib/files.ts';
import { sha256Hex } from '../src/lib/hash.ts';
import { unpack } from '../src/lib/unpack.ts';
import { openStore } from '../src/store/open-store.ts';
import { runCli } from './fakes/run-cli.ts';
import { makeZip } from './fixtures/make-zip.ts';

const LIST = `chain,address\nbitcoin,1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU\n`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-packed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const verify = async (place: string, ...flags: readonly string[]) => {
  const run = await runCli(registerVerify, ['verify', place, '--json', ...flags]);
  const data = run.stdout === '' ? null : (JSON.parse(run.stdout) as { data: Record<string, unknown> }).data;
  return { ...run, data };
};

async function unpacked(path: string, caps?: { readonly maxBytes: number; readonly maxRatio: number }) {
  const file = await readableFile(path);
  if (!file.ok) throw new Error(file.error);
  const inner = await unpack(file.value, caps ?? LIMITS);
  return inner.ok ? inner.value : inner.error;
}

describe('a packed file', () => {
  it.each([
    ['list.csv.gz', () => gzipSync(LIST), 'list.csv'],
    ['list.zip', () => makeZip([{ name: 'folder/list.csv', content: LIST }]), 'list.csv'],
    ['list.csv', () => Buffer.from(LIST), 'list.csv'],
  ])('%s is the file inside it', async (name, content, inner) => {
    expect((await verify(put(name, content()))).data).toMatchObject({
      file: { name: inner, sha256: sha256Hex(LIST), bytes: LIST.length, format: 'address-list' },
      rows: { counted: 1, faults: 0 },
      grades: { listed: 1 },
    });
  });

  const FORK = Buffer.from('00051607000200004d6163204f532058', 'hex');
  const OF_MACOS = [
    { name: 'round/', content: '' },
    { name: 'round/.DS_Store', content: 'Bud1' },
    { name: '__MACOSX/', content: '' },
    { name: '__MACOSX/._round', content: FORK },
    { name: '__MACOSX/round/._list.csv', content: FORK },
    { name: 'round/._list.csv', content: FORK },
  ];

  it('as macOS packs it is the one file of the publisher, wherever the others stand', async () => {
    const list = { name: 'round/list.csv', content: LIST };
    for (const files of [
      [list, ...OF_MACOS],
      [...OF_MACOS, list],
    ])
      expect((await verify(put('list.zip', makeZip(files)))).data).toMatchObject({
        file: { name: 'list.csv', sha256: sha256Hex(LIST), bytes: LIST.length },
        rows: { counted: 1, faults: 0 },
      });
  });

  it('as macOS packs it with a second file is refused, and --entry takes any file that is there', async () => {
    const second = { name: 'round/notes.txt', content: 'x' };
    const zip = put('list.zip', makeZip([...OF_MACOS, { name: 'round/list.csv', content: LIST }, second]));
    expect(await unpacked(zip)).toMatch(/several files \("round\/list.csv" and "round\/notes.txt"\)/);
    expect((await verify(zip, '--entry', 'round/list.csv')).data).toMatchObject({ file: { sha256: sha256Hex(LIST) } });
    const fork = await readableFile(zip);
    const entry = '__MACOSX/._round';
    expect(fork.ok && (await unpack(fork.value, { ...LIMITS, entry }))).toMatchObject({
      value: { size: FORK.length },
    });
  });

  it('with more entries than anybody publishes is refused before they are all read', async () => {
    const name = (at: number) => ({ name: `__MACOSX/._${at}`, content: '' });
    const zip = put('many.zip', makeZip(Array.from({ length: 50_000 }, (_, at) => name(at))));
    expect(await unpacked(zip)).toMatch(/holds only what macOS puts beside files \("__MACOSX\/\._0"\)/);
    const more = put('more.zip', makeZip(Array.from({ length: 50_001 }, (_, at) => name(at))));
    expect(await unpacked(more)).toMatch(/more than 50000 entries/);
  });

  it('is archived unpacked, under the hash of what is in it', async () => {
    const archiveFolder = join(folder, 'reports');
    const open = async () => {
      const store = openStore(join(folder, 'test.db'), { clock: systemClock });
      return store.ok ? ok({ store: store.value, archiveFolder }) : store;
    };
    const zip = put('list.zip', makeZip([{ name: 'list.csv', content: LIST }]));
    const first = await runCli(registerReport, ['report', 'import', zip, '--entity', 'okx'], { openStore: open });
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('address-list, 1 rows, 0 faults') });
    expect(readdirSync(archiveFolder)).toEqual([sha256Hex(LIST)]);
    const plain = ['report', 'import', put('list.csv', LIST), '--entity', 'okx'];
    expect((await runCli(registerReport, plain, { openStore: open })).stdout).toContain('already');
  });

  it.each([
    [
      'several files',
      makeZip([
        { name: 'a', content: 'x' },
        { name: 'b', content: 'y' },
      ]),
      /holds several files \("a" and "b"\)/,
    ],
    ['no file', makeZip([]), /is empty/],
    ['a wrong checksum', makeZip([{ name: 'a', content: LIST }], 1), /damaged \(its checksum differs\)/],
    ['a cut archive', makeZip([{ name: 'a', content: LIST }]).subarray(0, 40), /ZIP archive cannot be read/],
    ['a cut gzip file', gzipSync(LIST).subarray(0, 20), /damaged/],
    ['too much for its size', gzipSync(Buffer.alloc(3_000_000)), /more than 100 times as large/],
    [
      'too much for its size in a ZIP',
      makeZip([{ name: 'a', content: Buffer.alloc(3_000_000) }]),
      /more than 100 times/,
    ],
  ])('with %s is refused with the reason', async (_, content, reason) => {
    const path = put('packed', content);
    expect(await unpacked(path)).toMatch(reason);
    expect((await verify(path)).code).toBe(2);
  });

  it('larger than the cap is refused, exactly at it is not', async () => {
    const path = put('packed.gz', gzipSync(LIST));
    expect(await unpacked(path, { maxBytes: LIST.length - 1, maxRatio: 100 })).toMatch(/larger than/);
    expect(await unpacked(path, { maxBytes: LIST.length, maxRatio: 100 })).toMatchObject({ size: LIST.length });
  });
});

describe('a URL', () => {
  it('is fetched byte for byte where its address is allowed, and never followed elsewhere', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/list.zip' }).end();
      else if (request.url?.startsWith('/gone')) response.writeHead(404).end();
      else response.end(makeZip([{ name: 'list.csv', content: LIST }]));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect((await verify(`${base}/list.zip`)).stderr).toMatch(/is not https.*--allow-private-address/);
      const allowed = await verify(`${base}/list.zip`, '--allow-private-address');
      expect(allowed.data).toMatchObject({ file: { name: 'list.csv', sha256: sha256Hex(LIST) } });
      expect((await verify(`${base}/moved`, '--allow-private-address')).stderr).toContain('answered 302');
      expect(await verify(`${base}/gone?key=secret`, '--allow-private-address')).toMatchObject({ code: 2 });
      expect((await verify(`${base}/gone?key=secret`, '--allow-private-address')).stderr).not.toContain('secret');
    } finally {
      server.close();
    }
  });
});
