import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../src/cli/addresses.ts';
import { register as registerProof } from '../../src/cli/proof-check.ts';
import { register as registerReport } from '../../src/cli/report.ts';
import type { Explanation } from '../../src/explain-proof.ts';
import { openStore } from '../../src/store/open-store.ts';
import { jsonLines, runCli } from '../fakes/run-cli.ts';

let folder: string;
let list: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-explain-'));
  list = join(folder, 'htx.csv');
  writeFileSync(list, ROWS);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Rows as HTX publishes them; the second's signature was made for the first. */
const SIGNATURE = 'IJtEWgK2V8QxKUCWpVlfMTpVhwS2My/2Notvcw2lPBuHACHkxUESh8BoPL1vzQ4hkqYg/EZbQm9hpPKKcZJwY7E=';
const OWN = '1HckjUpRGcrrRAtFaaCAUaGjsPx9oYmLaZ';
const OTHER = '1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU';
const ROWS = [
  'coin,address,snapshot height,balance,message,signature',
  `BTC,${OWN},1,2,King will be back!,${SIGNATURE}`,
  `BTC,${OTHER},1,2,King will be back!,${SIGNATURE}`,
  'ETH,0x18709e89bd403f470088abdacebe86cc60dda12e,1,3,-,-',
  '',
].join('\n');

const kept = {
  openStore: async () => {
    const store = openStore(join(folder, 'kept.db'), { clock: { now: () => 1_795_000_000_000 } });
    return store.ok ? { ok: true as const, value: { store: store.value, archiveFolder: join(folder, 'kept') } } : store;
  },
};

type Shown = Explanation & { readonly entity: string; readonly line: number; readonly file: { readonly name: string } };
const dataOf = (stdout: string): readonly Shown[] => (JSON.parse(stdout) as { readonly data: readonly Shown[] }).data;

describe('addresses explain', () => {
  it('prints the row, its address, the bytes hashed, the key recovered and what the grade does not show', async () => {
    const { code, stdout } = await runCli(register, ['addresses', 'explain', OWN, '--file', list]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^htx\.csv line 2.*sha256 [0-9a-f]{64}, claims 2 at height 1\n/);
    // The preimage as hex and as text, byte for byte.
    expect(stdout).toContain(
      '18426974636f696e205369676e6564204d6573736167653a0a124b696e672077696c6c206265206261636b21',
    );
    expect(stdout).toContain('\\x18Bitcoin Signed Message:\\x0a\\x12King will be back!');
    expect(stdout).toContain('Grade address-bound, scheme bip137-p2pkh');
    expect(stdout).toMatch(/does not show .*that nothing is owed/);
    expect(stdout).toContain('flag static-message: ');
    expect(stdout).toContain('flag repeated-signature: ');
  });

  it('says of a failing row what was tried besides, marked as not counting', async () => {
    const run = await runCli(register, ['addresses', 'explain', OTHER, '--file', list, '--json']);
    expect(run.code).toBe(3);
    const [row] = dataOf(run.stdout);
    expect(row?.verdict.grade).toBe('invalid');
    expect(row?.steps.filter((step) => step.step === 'try' && !step.counts).length).toBeGreaterThan(5);
  });

  it('finds the address in any spelling in the list in use, without the file', async () => {
    expect((await runCli(registerReport, ['report', 'import', list, '--entity', 'htx'], kept)).code).toBe(0);
    const spelled = '0x18709E89BD403F470088ABDACEBE86CC60DDA12E';
    const run = await runCli(register, ['addresses', 'explain', spelled, '--json'], kept);
    expect(dataOf(run.stdout)).toMatchObject([
      { entity: 'htx', line: 4, file: { name: 'htx.csv' }, verdict: { grade: 'listed' }, label: { asset: 'ETH' } },
    ]);
    const signed = dataOf((await runCli(register, ['addresses', 'explain', OWN, '--json'], kept)).stdout);
    const direct = dataOf((await runCli(register, ['addresses', 'explain', OWN, '--json', '--file', list])).stdout);
    expect(signed[0]?.steps).toEqual(direct[0]?.steps);
    expect((await runCli(register, ['addresses', 'explain', '1nobody'], kept)).code).toBe(4);
    expect((await runCli(register, ['addresses', 'explain', OWN, '--entity', 'okx'], kept)).code).toBe(2);
  });
});

describe('proof check --explain', () => {
  const proof = JSON.stringify({
    id: 'one',
    asset: 'BTC',
    network: 'BTC',
    address: OWN,
    message: 'King will be back!',
    signature1: SIGNATURE,
  });

  it('gives the same as text, or beside the answer as JSON, and says of an unreadable line why', async () => {
    const options = { stdin: `${proof}\n{}\n` };
    const text = await runCli(registerProof, ['proof', 'check', '--explain'], options);
    expect(text.stdout).toContain('Grade address-bound');
    expect(text.stdout).toContain('address is missing');
    const json = await runCli(registerProof, ['proof', 'check', '--explain', '--json'], options);
    expect(jsonLines(json.stdout)).toMatchObject([
      {
        id: 'one',
        grade: 'address-bound',
        explanation: { steps: expect.arrayContaining([{ step: 'part', what: 'signature1' }]) },
      },
      { id: null, grade: 'undecided', explanation: null },
    ]);
    const plain = await runCli(registerProof, ['proof', 'check'], options);
    const answers = jsonLines<Record<string, unknown>>(json.stdout).map(({ explanation: _, ...answer }) => answer);
    expect(jsonLines(plain.stdout)).toEqual(answers);
  });
});
