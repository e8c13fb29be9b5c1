import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LiabilityEntry } from '../../src/check-liabilities.ts';
import { register } from '../../src/cli/liabilities.ts';
import { liabilitiesText } from '../../src/cli/liabilities-text.ts';
import { runCli } from '../fakes/run-cli.ts';
import { SKIP_REASON, samplePath, samplesPresent } from '../liabilities/merkle/call.ts';
import { bitgetFile, bitmexFile, okxV1File, okxV2Files } from '../liabilities/merkle/generate.ts';

const folder = mkdtempSync(join(tmpdir(), 'reservewatch-liabilities-'));
afterAll(() => rmSync(folder, { recursive: true }));
function put(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}
const run = (...args: string[]) => runCli(register, ['liabilities', 'check', ...args]);
const entriesOf = (stdout: string) =>
  JSON.parse(stdout) as { schema: string; data: LiabilityEntry[]; warnings: string[] };

describe('liabilities check', () => {
  it('says first, in one sentence, what is proven and what is not', async () => {
    const { tree, users } = okxV2Files(
      [
        ['1', '2', '3'],
        ['4', '5.5', '6'],
      ],
      [1, 1],
    );
    const { stdout, code } = await run(put('set/tree.txt', tree), put('set/me.json', users[0]));
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe(
      'Proven: totals by asset of 5 BTC, 7.5 ETH, 9 USDT; 1 account is in the tree under the root shown; ' +
        'not proven: that nobody was left out, that the reserves are there.',
    );
  });

  it('says of each total what it counts, and shows of many files the first', async () => {
    const base = { verdict: 'valid', grade: 'zk-global', root: null, checks: [], caveats: [] } as const;
    const uses = ['a', 'b', 'c', 'd', 'e'];
    const open = liabilitiesText([
      {
        ...{ ...base, file: 'x', uses, kind: 'okx-stark-v1-sum', binding: 'per-asset-total' },
        totals: [{ asset: 'BTC', amount: '7', unit: null, decimals: null }],
      },
    ]);
    expect(open).toContain('totals by asset of 7 BTC (in a unit that the files do not state);');
    expect(open).toContain('total 7 BTC (unit not stated)');
    expect(open).toContain('(okx-stark-v1-sum, with a, b, c and 2 more)');
    const { data } = entriesOf((await run('--json', put('units.csv', bitmexFile([1n, 2n])))).stdout);
    expect(data[0]?.totals).toEqual([{ asset: 'BTC', amount: '0.00000003', unit: 'coins', decimals: 0 }]);
  });

  it('prints one entry a proof as JSON with exactly the documented keys', async () => {
    const path = put('bitget.json', bitgetFile());
    const { stdout, code } = await run('--json', path);
    const { schema, data, warnings } = entriesOf(stdout);
    expect({ schema, warnings, code }).toEqual({ schema: 'reservewatch.liabilities/1', warnings: [], code: 0 });
    expect(Object.keys(data[0]!)).toEqual([
      'file',
      'uses',
      'kind',
      'verdict',
      'grade',
      'binding',
      'totals',
      'root',
      'checks',
      'caveats',
    ]);
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({ file: path, kind: 'bitget', verdict: 'valid', grade: 'inclusion-only' });
  });

  it('recognises by content, whatever the name, a byte order mark or the line ends', async () => {
    const files = [
      put('names/notes.csv', okxV1File()),
      put('names/sum_proof_data.json', `\uFEFF${bitmexFile([1n, 2n, 3n, 4n]).replaceAll('\n', '\r\n')}\r\n\r\n`),
    ];
    const { stdout, code } = await run('--json', ...files);
    expect(entriesOf(stdout).data.map(({ kind, verdict }) => `${kind} ${verdict}`)).toEqual([
      'okx-merkle-v1 valid',
      'bitmex valid',
    ]);
    expect(code).toBe(0);
  });

  it('ends with 3 for an invalid, 4 for an undecided or unknown, 2 for a missing file', async () => {
    const good = put('good.json', okxV1File());
    const bad = put('bad.json', JSON.stringify(okxV1File()).replace('"BTC":"', '"BTC":"1'));
    const unknown = put('unknown.bin', Buffer.from([0, 255, 1, 2]));
    expect((await run(good)).code).toBe(0);
    expect((await run(good, unknown)).code).toBe(4);
    expect((await run(good, bad, unknown)).code).toBe(3);
    expect((await run(join(folder, 'nowhere'))).code).toBe(2);
    expect((await run(good, '--circuit', unknown)).code).toBe(2);
    const { data } = entriesOf((await run('--json', unknown)).stdout);
    expect(data[0]).toMatchObject({ kind: null, verdict: 'undecided', grade: 'none', root: null });
    expect(data[0]?.checks[0]?.detail).toContain('okx-merkle-v1');
  });

  it('walks folders: passes over what lies beside, but not what is called a proof', async () => {
    put('round/proofs/deep/merkel_tree_bg.json', bitgetFile());
    put('round/readme.md', 'nothing');
    put('round/.hidden', 'nothing');
    symlinkSync(folder, join(folder, 'round', 'loop'));
    const { stdout, code } = await run('--json', join(folder, 'round'));
    const { data, warnings } = entriesOf(stdout);
    expect(code).toBe(0);
    expect(data.map(({ kind }) => kind)).toEqual(['bitget']);
    expect(warnings).toEqual([expect.stringContaining('readme.md'), expect.stringMatching(/links.*not: .*loop$/)]);
    put('round/proofs/merkle_proof_file.json', '{"self":');
    expect((await run('--json', join(folder, 'round'))).code).toBe(4);
    mkdirSync(join(folder, 'empty'));
    expect((await run(join(folder, 'empty'))).code).toBe(2);
  });

  it('names no customer', async () => {
    const file = bitgetFile();
    const path = put(`${file.self.encryptUid}.json`, file);
    for (const args of [[path], ['--json', path]]) {
      const { stdout, stderr } = await run(...args);
      for (const secret of [file.self.encryptUid, file.self.nonce, file.self.merkelLeaf, file.path[0]!.merkelLeaf])
        expect(stdout + stderr).not.toContain(secret);
      expect(stdout).toContain('inclusion file 1');
    }
  });

  it('prints no id that a file is named after, even where nothing is known of its content', async () => {
    const id = 'e505f72fd12bc8650799c87565b8bb96fb14b76e309200e298270734fa7f4c24';
    const broken = put(`ids/${id}.json`, '{"account":');
    const good = put('ids/good.json', okxV1File());
    for (const args of [[broken, good], ['--json', broken, good], [join(folder, 'ids')]]) {
      const { stdout, stderr } = await run(...args);
      expect(stdout + stderr).not.toContain(id);
      expect(stdout + stderr).toMatch(/file 1/);
    }
  });

  it("counts customers' files through the whole call, whatever their formats", async () => {
    const user = { sum_tree_siblings: [], recursive_tree_siblings: [], account: {} };
    const paths = [
      put('call/notes.txt', 'nothing'),
      put('call/123456.json', bitgetFile()),
      put('call/sum_tree.json', user),
      put('call/batch.json', { batch_inclusion_proof: {}, trunk_inclusion_proof: {} }),
      put('call/123457.json', okxV1File()),
      put('call/gate.json', { Arrangement: 0, UniqueIdentification: '', MerkleProofEncode: [] }),
    ];
    const { data } = entriesOf((await run('--json', ...paths)).stdout);
    expect(data.map(({ file, kind }) => [file, kind]).sort()).toEqual([
      [paths[0], null],
      ['inclusion file 2', 'bitget'],
      ['inclusion file 3', 'okx-zk-v2-inclusion'],
      ['inclusion file 4', 'okx-stark-v1-inclusion'],
      ['inclusion file 5', 'okx-merkle-v1'],
      ['inclusion file 6', 'gateio'],
    ]);
  });
});

describe.skipIf(!samplesPresent)(`published samples (${SKIP_REASON})`, () => {
  it.each([
    ['okx-merkle', ['okx-merkle-v2', 'okx-merkle-v1', 'okx-merkle-v2']],
    ['bitget', ['bitget']],
    ['mexc', ['mexc']],
    ['bybit', ['bybit', 'bybit', 'bybit']],
    ['bitmex', ['bitmex']],
  ])('the folder %s is valid', async (name, kinds) => {
    const { stdout, code } = await run('--json', samplePath(name));
    const { data } = entriesOf(stdout);
    expect(data.map(({ verdict }) => verdict)).toEqual(kinds.map(() => 'valid'));
    expect(data.map(({ kind }) => kind)).toEqual(kinds);
    expect(code).toBe(0);
  });
});
