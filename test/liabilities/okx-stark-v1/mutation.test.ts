import { stringify } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { checkInclusion } from '../../../src/liabilities/okx-stark-v1/inclusion.ts';
import { checkSumSet } from '../../../src/liabilities/okx-stark-v1/sum-set.ts';
import type { Json } from '../../../src/lib/json.ts';
import { asResult, flipped, kindOf, leaves, type Path, parsed, replaced } from '../okx-zk-v2/json-edit.ts';
import { P } from './prover.ts';
import { fileOf, provenRound } from './round.ts';
import { SKIP_REASON, sampleFiles, samplesPresent, textOf } from './samples.ts';

interface Leaf {
  readonly path: Path;
  readonly value: Json;
}

/** At most `most` leaves of each kind of place, evenly spread. */
function sampled(json: Json, most: number): Leaf[] {
  const byKind = new Map<string, Leaf[]>();
  for (const leaf of leaves(json)) {
    const kind = leaf.value === '' ? `${kindOf(leaf.path)} left out` : kindOf(leaf.path);
    byKind.set(kind, [...(byKind.get(kind) ?? []), leaf]);
  }
  return [...byKind.values()].flatMap((list) => {
    const step = Math.max(1, Math.floor(list.length / most));
    return list.filter((_, i) => i % step === 0);
  });
}

/** What no check of this format binds, element by element. */
const UNBOUND: readonly string[] = [];

describe.skipIf(!samplesPresent)(`one element changed in every field (${SKIP_REASON})`, () => {
  const round = samplesPresent
    ? sampleFiles('sum_proof_data').filter(({ name }) => /(sum_proof|sum_values|config).json$/.test(name))
    : [];
  /** Whether the round passes; for a changed proof only that proof is verified again. */
  const passes = async (name: string, json: Json): Promise<boolean> => {
    const folder = name.replace(/[^/]*$/, '');
    const needed = name.endsWith('sum_proof.json')
      ? round.filter((file) => file.name.startsWith(folder) || file.name.endsWith('config.json'))
      : round;
    const files = needed.map((file) => (file.name === name ? fileOf(name, stringify(json)!) : file));
    const { failed, checks } = await checkSumSet(files);
    return !failed && checks.some(({ name, status }) => name === 'fri-last-degree' && status === 'pass');
  };

  it('of a sum proof, of published sums, and of the configuration: nothing passes', async () => {
    const passed = new Set<string>();
    for (const [name, most] of [
      ['sum_proof_data/batches/a0/sum_proof.json', 12],
      ['sum_proof_data/trunk/sum_proof.json', 6],
      ['sum_proof_data/batches/b0/sum_values.json', 9],
      ['sum_proof_data/trunk/sum_values.json', 9],
      ['sum_proof_data/config.json', 9],
    ] as const) {
      const json = parsed(textOf(name));
      expect(await passes(name, json)).toBe(true);
      for (const { path, value } of sampled(json, most)) {
        if (await passes(name, replaced(json, path, flipped(value)))) passed.add(kindOf(path));
        if (await passes(name, replaced(json, path, undefined))) passed.add(`without ${kindOf(path)}`);
      }
    }
    expect([...passed].sort()).toEqual(UNBOUND);
  });

  it('of an inclusion: nothing passes', async () => {
    const proven = await provenRound(round);
    const passed = new Set<string>();
    for (const name of ['a0/user_3', 'b0/user_6']) {
      const json = parsed(textOf(`inclusion_proof_data/${name}_inclusion_proof.json`));
      const judge = (changed: Json) => checkInclusion(asResult(changed), 'x', proven).verdict;
      expect(judge(json)).toBe('valid');
      for (const { path, value } of leaves(json)) {
        if (judge(replaced(json, path, flipped(value))) !== 'invalid') passed.add(kindOf(path));
        if (judge(replaced(json, path, undefined)) !== 'invalid') passed.add(`without ${kindOf(path)}`);
      }
    }
    expect([...passed].sort()).toEqual(UNBOUND);
    const json = parsed(textOf('inclusion_proof_data/a0/user_3_inclusion_proof.json'));
    // The prover prints numbers above its own limit less P: both spellings are the same number.
    const other = replaced(json, ['batch_inclusion_proof', 'BTC'], `${P - 12345n}`);
    expect(checkInclusion(asResult(other), 'x', proven).verdict).toBe('valid');
  });
});
