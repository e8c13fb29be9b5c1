import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { register } from '../../src/cli/proof-check.ts';
import { jsonLines, runCli } from '../fakes/run-cli.ts';

interface Vector {
  readonly id: string;
  readonly scheme: string;
  readonly network: string;
  readonly expect: 'valid' | 'invalid';
  readonly binding?: 'address' | 'owner' | 'key';
}

interface Answer {
  readonly id: string | null;
  readonly grade: string;
  readonly scheme: string | null;
  readonly reason: string | null;
  readonly flags: readonly string[];
}

const VECTORS = '../shared/vectors/ownership.json';
const SCHEMES = [
  'okx-evm',
  'okx-evm-owner',
  'eip191',
  'htx-evm',
  'bip137',
  'okx-utxo-multisig',
  'okx-utxo-p2pkh',
  'okx-utxo-recover',
  'sol-raw',
  'okx-ecdsa',
  'okx-tron',
  'htx-tron',
  'okx-bls',
  'okx-stark',
  'okx-eos',
  'cosmos-adr36',
];
const BINDING_GRADE = { address: 'address-bound', owner: 'owner-bound', key: 'key-only' } as const;
const PROVING = ['address-bound', 'owner-confirmed', 'owner-bound', 'key-only'];
const ASKED = [
  'asset',
  'network',
  'address',
  'message',
  'signature1',
  'signature2',
  'script_or_pubkey',
  'owner1',
  'owner2',
  'row_type',
];

const check = async (lines: readonly string[]) =>
  runCli(register, ['proof', 'check'], { stdin: `${lines.join('\n')}\n` });

describe('proof check', () => {
  describe.skipIf(!existsSync(VECTORS))(`on ${VECTORS}`, () => {
    const all = existsSync(VECTORS)
      ? (JSON.parse(readFileSync(VECTORS, 'utf8')) as (Vector & Record<string, string>)[])
      : [];
    const vectors = all.filter(
      ({ scheme, network }) => SCHEMES.includes(scheme) || (scheme === 'okx-ed25519' && network === 'SOL'),
    );
    /** Only what a published row has: no id, scheme, note or expectation. */
    const stripped = (vector: Record<string, string>, id: string) =>
      JSON.stringify({
        id,
        ...Object.fromEntries(ASKED.flatMap((key) => (key in vector ? [[key, vector[key]]] : []))),
      });

    it('gives every vector its grade', async () => {
      expect(vectors.length).toBeGreaterThan(200);
      const run = await check(vectors.map((vector, at) => stripped(vector, `${at}`)));
      const answers = jsonLines<Answer>(run.stdout);
      expect(answers.map(({ id }) => id)).toEqual(vectors.map((_, at) => `${at}`));
      const wrong = vectors.flatMap((vector, at) => {
        const { grade, reason } = answers[at] as Answer;
        const right =
          vector.expect === 'valid' ? grade === BINDING_GRADE[vector.binding ?? 'address'] : !PROVING.includes(grade);
        return right ? [] : [`${vector.id} (${vector.asset}, ${vector.network}) ${vector.expect}: ${grade}, ${reason}`];
      });
      expect(wrong).toEqual([]);
      expect(run.code).toBe(3);
    });

    it('never proves an invalid vector of any scheme', async () => {
      const invalid = all.filter((vector) => vector.expect === 'invalid');
      const answers = jsonLines<Answer>((await check(invalid.map((vector) => stripped(vector, vector.id)))).stdout);
      expect(answers.filter(({ grade }) => PROVING.includes(grade)).map(({ id }) => id)).toEqual([]);
    });
  });

  it('answers every line in order, whatever is on it', async () => {
    const run = await check([
      'not json',
      '[]',
      '7',
      '',
      '{"id":"a"}',
      '{"id":"b","address":5}',
      '{"id":7,"asset":"ETH","address":"0x1"}',
      '{"id":{"x":1},"asset":"NOPE","address":"y","signature1":"z","message":"m","__proto__":{"id":"q"}}',
      '{"id":"c","asset":"NOPE","address":"y"}',
      '{"id":"d","asset":"ETH","network":"NOWHERE","address":"0x1","message":"m","signature1":"0x00"}',
    ]);
    expect(jsonLines<Answer>(run.stdout).map(({ id, grade }) => [id, grade])).toEqual([
      [null, 'undecided'],
      [null, 'undecided'],
      [null, 'undecided'],
      [null, 'undecided'],
      ['a', 'undecided'],
      ['b', 'undecided'],
      [7, 'invalid'],
      [null, 'undecided'],
      ['c', 'listed'],
      ['d', 'undecided'],
    ]);
    expect(jsonLines<Answer>(run.stdout)[5]?.reason).toBe('address must be text');
    expect(run.code).toBe(3);
  });

  it('ends with 4 for what it cannot decide, also for nothing at all', async () => {
    expect((await check(['nonsense'])).code).toBe(4);
    expect((await runCli(register, ['proof', 'check'], { stdin: '' })).code).toBe(4);
  });

  it('says which file it cannot read', async () => {
    const run = await runCli(register, ['proof', 'check', '/does/not/exist']);
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('/does/not/exist') });
  });

  it('marks a line that is no text', async () => {
    const run = await runCli(register, ['proof', 'check'], { stdin: [Buffer.from([0xff, 0x0a])] });
    expect(jsonLines(run.stdout)).toMatchObject([{ id: null, grade: 'undecided', reason: 'line is not valid UTF-8' }]);
  });
});
