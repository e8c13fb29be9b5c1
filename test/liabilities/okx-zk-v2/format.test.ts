import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { err, ok } from '../../../src/domain/result.ts';
import { checkInclusions } from '../../../src/liabilities/okx-zk-v2/check-inclusions.ts';
import { createField } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { okxZkV2 } from '../../../src/liabilities/okx-zk-v2/format.ts';
import { checkGlobal } from '../../../src/liabilities/okx-zk-v2/global.ts';
import { circuitGiven, loadCircuitPins } from '../../../src/liabilities/okx-zk-v2/pins.ts';
import type { CircuitPin, LiabilityCheck, RecognisedFile } from '../../../src/liabilities/types.ts';
import { parseJson } from '../../../src/lib/json.ts';
import {
  generatedVerifierHex,
  globalProofText,
  productionVerifierHex,
  SKIP_REASON,
  samplesPresent,
  userProofNames,
  userProofText,
} from './samples.ts';

const WORKER = new URL('../../../dist/src/liabilities/okx-zk-v2/inclusion-worker.js', import.meta.url);
const fileOf = (name: string, text: string): RecognisedFile => {
  const kind = okxZkV2.recognise(text.slice(0, 65_536));
  if (kind === null) throw new Error('not recognised');
  async function* lines() {
    yield text.split('\n').map((line, at) => ({ line: at + 1, text: line }));
  }
  return { kind, file: { name, bytes: text.length, readText: async () => ok(text), readLines: lines } };
};
const given = (hex: string): CircuitPin => {
  const pin = circuitGiven(hex, 'the given circuit');
  if (!pin.ok) throw new Error(pin.error);
  return pin.value;
};
const shipped = (): readonly CircuitPin[] => {
  const pins = loadCircuitPins(resolve(import.meta.dirname, '../../../config/circuits'));
  if (!pins.ok) throw new Error(pins.error);
  return pins.value;
};
const failing = ({ checks }: LiabilityCheck) =>
  checks.filter(({ status }) => status === 'fail').map(({ name }) => name);

describe.skipIf(!samplesPresent)(`a set of OKX zk v2 files (${SKIP_REASON})`, () => {
  const users = samplesPresent ? userProofNames() : [];
  const set = (): RecognisedFile[] => [
    ...users.map((name) => fileOf(name, userProofText(name))),
    fileOf('sum_proof_data.json', globalProofText()),
  ];

  it('is valid as a whole with its own circuit as pin', async () => {
    const results = await okxZkV2.check(set(), { circuits: [given(generatedVerifierHex())] });
    expect(results).toHaveLength(23);
    expect(results.map(({ verdict }) => verdict)).toEqual(new Array(23).fill('valid'));
    expect(results[22]).toMatchObject({
      kind: 'okx-zk-v2-global',
      grade: 'zk-global',
      binding: 'combined-total',
      root: '47af767326af2e7625e675d76ed34f4de9e9334b354b4881129593175ad27c58',
      totals: [
        { asset: 'combined-net', amount: '33925865888' },
        { asset: 'combined-equity', amount: '33925865916' },
        { asset: 'combined-debt', amount: '28' },
      ],
    });
    expect(results[0]).toMatchObject({
      grade: 'inclusion-only',
      binding: 'none',
      totals: [],
      uses: ['sum_proof_data.json'],
    });
  });

  it('shows nothing of a customer', async () => {
    const results = await okxZkV2.check(set(), { circuits: [given(generatedVerifierHex())] });
    const shown = JSON.stringify(results.slice(0, 22));
    for (const name of users) {
      const { account, index, sum_tree_siblings } = JSON.parse(userProofText(name)) as {
        account: { id: string; equity: string[] };
        index: number;
        sum_tree_siblings: string[];
      };
      expect(shown).not.toContain(account.id.slice(0, 12));
      for (const secret of [...account.equity.filter((amount) => amount.length > 2), ...sum_tree_siblings])
        expect(shown).not.toContain(secret);
      expect(shown).not.toMatch(new RegExp(`index\\D{0,5}${index}\\b`));
    }
  });

  it('is undecided without a pin, at the lower grade, with the reason', async () => {
    const [user, global] = await okxZkV2.check([set()[0]!, set()[22]!], { circuits: shipped() });
    expect(global).toMatchObject({ verdict: 'undecided', grade: 'zk-unpinned', binding: 'none' });
    expect(global!.checks.find(({ name }) => name === 'circuit-pin')).toMatchObject({ status: 'skipped' });
    expect(global!.caveats.join(' ')).toContain('may have chosen one');
    expect(user).toMatchObject({ verdict: 'undecided', grade: 'none' });
    expect(user!.caveats.join(' ')).toMatch(/itself undecided/);
    expect(user!.caveats.join(' ')).not.toMatch(/is counted/);
    const [combined] = global!.totals;
    expect(combined).toEqual({ asset: 'combined-net', amount: '33925865888', unit: null, decimals: null });
  });

  it('reads and verifies the global proof once for a thousand inclusions', async () => {
    let reads = 0;
    const global = set()[22]!;
    const counted = {
      ...global,
      file: {
        ...global.file,
        readText: (most: number) => {
          reads += 1;
          return global.file.readText(most);
        },
      },
    };
    const many = Array.from({ length: 1000 }, (_, i) => fileOf(`${i}`, userProofText(users[i % users.length]!)));
    const results = await okxZkV2.check([...many, counted], { circuits: [given(generatedVerifierHex())] });
    expect(reads).toBe(1);
    expect(results.filter(({ verdict }) => verdict === 'valid')).toHaveLength(1001);
  });

  it.skipIf(!existsSync(WORKER))('gives the same results in threads (needs the compiled worker in dist)', async () => {
    const { link } = checkGlobal(parseJson(globalProofText()), 'g', [given(generatedVerifierHex())], createField());
    const globals = { links: [link!], failed: 0 };
    const files = Array.from({ length: 600 }, (_, i) => ({
      label: `inclusion file ${i + 1}`,
      // Every seventh is damaged, so that the order shows.
      file: fileOf(
        `${i}`,
        userProofText(users[i % users.length]!).replace(/"index":/, i % 7 === 0 ? '"index":9' : '"index":'),
      ).file,
    }));
    const threaded = await checkInclusions(files, globals, WORKER);
    expect(threaded).toEqual(await checkInclusions(files, globals, new URL('file:///nowhere')));
    expect(threaded.map(({ verdict }) => verdict)).toEqual(files.map((_, i) => (i % 7 === 0 ? 'invalid' : 'valid')));
  });

  it('refuses files that cannot be read or are too large, without naming an inclusion', async () => {
    const [user, global] = [set()[0]!, set()[22]!].map((entry) => ({
      ...entry,
      file: { ...entry.file, readText: async (most: number) => err(`larger than ${most} bytes`) },
    }));
    const results = await okxZkV2.check([user!, global!], { circuits: [] });
    expect(results.map(({ file, verdict }) => [file, verdict])).toEqual([
      ['inclusion file 1', 'invalid'],
      ['sum_proof_data.json', 'invalid'],
    ]);
    expect(results.map(failing)).toEqual([['file'], ['file']]);
  });

  it('is recognised by content, in any order of keys, and nothing else is', () => {
    const text = globalProofText();
    const at = text.indexOf(',"proof":');
    const reordered = `{${text.slice(at + 1, -1)},${text.slice(1, at)}}`;
    expect(okxZkV2.recognise(reordered.slice(0, 65_536))).toBe('okx-zk-v2-global');
    expect(okxZkV2.recognise(userProofText(users[0]!))).toBe('okx-zk-v2-inclusion');
    for (const other of [
      '',
      '{}',
      '{"self":{"auditId":"1"},"path":[]}',
      '{"account":{"id":"1"}}',
      generatedVerifierHex(),
    ])
      expect(okxZkV2.recognise(other)).toBeNull();
  });

  it('is invalid against another pin', async () => {
    const [global] = await okxZkV2.check([set()[22]!], { circuits: [given(productionVerifierHex())] });
    expect(global).toMatchObject({ verdict: 'invalid', grade: 'none', totals: [], root: null });
    expect(failing(global!)).toEqual(['circuit-pin']);
  });

  it('leaves an inclusion alone undecided, and refuses one of another round', async () => {
    const [alone] = await okxZkV2.check([set()[0]!], { circuits: [] });
    expect(alone).toMatchObject({ verdict: 'undecided', uses: [] });
    expect(alone!.checks.at(-1)).toMatchObject({ name: 'root-link', status: 'skipped' });
    const strange = userProofText(users[0]!).replace(/("debt":\[")0/, '$11');
    const [other] = await okxZkV2.check([fileOf('x', strange), set()[22]!], {
      circuits: [given(generatedVerifierHex())],
    });
    expect(failing(other!)).toEqual(['root-link']);
  });

  it('never trusts a global proof that failed', async () => {
    const broken = globalProofText().replace('"public_inputs":[33925865916', '"public_inputs":[33925865917');
    const [user, global] = await okxZkV2.check([set()[0]!, fileOf('g', broken)], {
      circuits: [given(generatedVerifierHex())],
    });
    expect(failing(global!)).toEqual(['vanishing-0']);
    expect(user).toMatchObject({ verdict: 'undecided' });
  });

  it('ships the production circuit as published', () => {
    expect(shipped().map(({ verifierData }) => verifierData)).toContain(productionVerifierHex());
  });
});
