import { describe, expect, it } from 'vitest';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { hexOfDigest } from '../../../src/liabilities/okx-zk-v2/digest.ts';
import { createField, type Words } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { checkGlobal } from '../../../src/liabilities/okx-zk-v2/global.ts';
import { P } from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import { checkInclusion, type GlobalLink } from '../../../src/liabilities/okx-zk-v2/inclusion.ts';
import { circuitGiven } from '../../../src/liabilities/okx-zk-v2/pins.ts';
import type { CircuitPin, LiabilityCheck } from '../../../src/liabilities/types.ts';
import { GATE_LIST, placeOf, smallCircuit } from './circuits.ts';
import { asResult, type Path, parsed, replaced } from './json-edit.ts';
import { bareNumbers, type Circuit, type Made, prove } from './prover.ts';
import { serialiseVerifierData } from './serialise.ts';

const field = createField();
const PUBLIC_INPUTS = [1000n, 10n, 1n, 2n, 3n, 4n];
// 3 bits a query and 34 queries: sound enough without grinding.
const strong = (change: Partial<Circuit> = {}): Circuit => smallCircuit({ queries: 34, powBits: 0, ...change });
const hashOf = (values: readonly bigint[]): bigint[] => {
  const words = field.reserve(values.length + 4);
  values.forEach((value, i) => {
    field.write(words, i, value);
  });
  const out = (words + 8 * values.length) as Words;
  field.hash(words, values.length, out);
  return [0, 1, 2, 3].map((i) => field.read(out, i));
};
const publicInputRow = (inputs: readonly bigint[]) => ({ gate: placeOf('PublicInput'), wires: hashOf(inputs) });
const honest = (circuit = strong(), inputs = PUBLIC_INPUTS): Made => prove(circuit, [publicInputRow(inputs)], inputs);

/** A whole file around a proof, as the exchange publishes it. */
function fileOf({ data, proof }: Made): string {
  const { fri, ...config } = data.config;
  const json = {
    num_wires: config.wires,
    num_routed_wires: config.routedWires,
    num_constants: config.constants,
    use_base_arithmetic_gate: true,
    security_bits: config.securityBits,
    num_challenges: config.challenges,
    zero_knowledge: config.zeroKnowledge === 1,
    max_quotient_degree_factor: config.maxQuotientDegree,
    fri_config: {
      rate_bits: fri.rateBits,
      cap_height: fri.capHeight,
      proof_of_work_bits: fri.powBits,
      num_query_rounds: fri.queries,
      reduction_strategy: { Fixed: fri.strategy.slice(1) },
    },
  };
  const head = bareNumbers({
    general: { round_num: 7, recursion_branchout_num: 4, batch_size: 4, token_num: 3 },
    root_vd_digest: { elements: data.digest },
    circuits_info: {
      batch_circuit_config: json,
      recursive_circuit_configs: [json],
      root_verifier_data_hex: serialiseVerifierData(data),
    },
  });
  return `${head.slice(0, -1)},"proof":${proof}}`;
}
const pinOf = ({ data }: Made): CircuitPin => {
  const pin = circuitGiven(serialiseVerifierData(data), 'made here');
  if (!pin.ok) throw new Error(pin.error);
  return { ...pin.value, batchSize: 4, branchout: 4, levels: 1, tokenCount: 3 };
};
const check = (text: string, pins: readonly CircuitPin[], ...disabled: string[]): LiabilityCheck =>
  checkGlobal(asResult(parsed(text)), 'g', pins, field, createChecklist(new Set(disabled))).check;
const failing = ({ checks }: LiabilityCheck) =>
  checks.filter(({ status }) => status === 'fail').map(({ name }) => name);
function onlyCaughtBy(name: string, text: string, pins: readonly CircuitPin[]): void {
  const refused = check(text, pins);
  expect(failing(refused)).toEqual([name]);
  expect(refused).toMatchObject({ verdict: 'invalid', grade: 'none', totals: [], root: null });
  expect(check(text, pins, name).verdict).toBe('valid');
}
const edited = (text: string, path: Path, value: string | undefined): string =>
  bareJson(replaced(parsed(text), path, value === undefined ? undefined : parsed(value)));
const bareJson = (json: unknown): string =>
  JSON.stringify(json, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && 'isLosslessNumber' in item ? `#${String(item)}#` : item,
  ).replace(/"#(\d+)#"/g, '$1');

describe('a global proof as a file', () => {
  const made = honest();
  const text = fileOf(made);

  it('is valid with its pin, undecided without, and says so', () => {
    expect(check(text, [pinOf(made)])).toMatchObject({
      verdict: 'valid',
      grade: 'zk-global',
      root: hexOfDigest([1n, 2n, 3n, 4n]),
    });
    expect(check(text, [])).toMatchObject({ verdict: 'undecided', grade: 'zk-unpinned', binding: 'none' });
  });

  it('with all gates swapped for no-ops keeps its digest, and any totals pass but for the pin', () => {
    // The forger commits to the same fixed polynomials, hence the same digest, under a gate list that constrains nothing.
    const noops = made.data.gates.map(({ name }) =>
      name === 'PublicInput' ? GATE_LIST[placeOf('PublicInput')]! : GATE_LIST[0]!,
    );
    const loot = [999_999_999n, 0n, 9n, 9n, 9n, 9n];
    const forged = prove(strong({ gates: noops }), [publicInputRow(loot)], loot);
    expect(forged.data.digest).toEqual(made.data.digest);
    const known: CircuitPin = { ...pinOf(made), scope: 'known' };
    expect(failing(check(fileOf(forged), [known]))).toEqual(['circuit-pin']);
    // Without the byte comparison every other check of the forgery holds, its totals included.
    for (const lax of [check(fileOf(forged), [known], 'circuit-pin'), check(fileOf(forged), [])]) {
      expect(lax).toMatchObject({ verdict: 'undecided', grade: 'zk-unpinned' });
      expect(lax.totals[0]).toMatchObject({ asset: 'combined-net', amount: '999999999' });
    }
  });

  it('with a weaker FRI keeps its digest too', () => {
    const weak = honest(strong({ queries: 2 }));
    expect(weak.data.digest).toEqual(made.data.digest);
    expect(failing(check(fileOf(weak), [{ ...pinOf(made), scope: 'known' }]))).toEqual(['circuit-pin']);
    onlyCaughtBy('fri-security', fileOf(weak), [pinOf(weak)]);
    expect(failing(check(fileOf(weak), []))).toEqual(['fri-security']);
  });

  it('of a circuit that ties nothing to the public inputs is refused', () => {
    const gates = made.data.gates.map((gate) => (gate.name === 'PublicInput' ? GATE_LIST[0]! : gate));
    const free = prove(strong({ gates }), [], PUBLIC_INPUTS);
    onlyCaughtBy('public-input-gate', fileOf(free), [pinOf(free)]);
  });

  it('with a digest of its own choice is refused', () => {
    const strange = prove(strong(), [publicInputRow(PUBLIC_INPUTS)], PUBLIC_INPUTS, { digest: [5n, 6n, 7n, 8n] });
    onlyCaughtBy('circuit-digest', fileOf(strange), [pinOf(strange)]);
  });

  it('over cosets that may overlap is refused', () => {
    const shifts = Array.from({ length: 80 }, () => 1n);
    const strange = honest(strong({ shifts }));
    onlyCaughtBy('circuit', fileOf(strange), [pinOf(strange)]);
  });

  it('whose debt is above its equity, or whose net total wraps, is refused', () => {
    for (const inputs of [
      [10n, 1000n, 1n, 2n, 3n, 4n],
      [P - 1n, 0n, 1n, 2n, 3n, 4n],
    ]) {
      const strange = honest(strong(), inputs);
      onlyCaughtBy('totals', fileOf(strange), [pinOf(strange)]);
    }
  });

  it('whose fields beside the proof contradict it is refused', () => {
    onlyCaughtBy('root-vd-digest', edited(text, ['root_vd_digest', 'elements', 0], '1'), [pinOf(made)]);
    onlyCaughtBy('parameters', edited(text, ['general', 'token_num'], '4'), [pinOf(made)]);
    const config = ['circuits_info', 'recursive_circuit_configs', 0, 'fri_config', 'num_query_rounds'];
    onlyCaughtBy('circuit-config', edited(text, config, '2'), [pinOf(made)]);
  });

  it('without a circuit of its own takes the pin of its round', () => {
    const bare = edited(text, ['circuits_info'], undefined);
    expect(check(bare, [{ ...pinOf(made), scope: 'known', rounds: ['7'] }]).verdict).toBe('valid');
    expect(check(bare, [{ ...pinOf(made), scope: 'known', rounds: ['8'] }]).verdict).toBe('valid');
    const other = honest(strong({ capHeight: 2 }));
    expect(check(bare, [{ ...pinOf(other), scope: 'known', rounds: ['8'] }]).verdict).toBe('undecided');
    expect(failing(check(bare, [{ ...pinOf(other), scope: 'known', rounds: ['7'] }]))).toEqual(['root-vd-digest']);
    expect(check(bare, [])).toMatchObject({ verdict: 'undecided', grade: 'none' });
  });

  it('with a gate that this version does not know is undecided, not invalid', () => {
    const hex = serialiseVerifierData(made.data);
    const strange = `${hex.slice(0, -8)}03000000`;
    const result = check(bareJson(replaced(parsed(text), ['circuits_info', 'root_verifier_data_hex'], strange)), []);
    expect(result).toMatchObject({ verdict: 'undecided', grade: 'none' });
    expect(result.checks.at(-1)!.detail).toContain('gate tag 3 is not supported');
  });
});

describe('hostile files', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['a truncated file', '{"general":{"round_num":1,'],
    ['a list', '[]'],
    ['null', 'null'],
    ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['deep nesting in place', `{"proof":${'{"proof":'.repeat(20_000)}1${'}'.repeat(20_000)}}`],
    ['a prototype in place of the data', '{"__proto__":{"general":{}},"general":{"constructor":1}}'],
    ['huge parameters', '{"general":{"round_num":1,"recursion_branchout_num":64,"batch_size":1e300,"token_num":3}}'],
    ['a wrong type everywhere', '{"general":[],"root_vd_digest":"x","circuits_info":7,"proof":null}'],
  ];
  it.each(hostile)('%s ends in a verdict that is not valid', async (_name, text) => {
    const { parseJson } = await import('../../../src/lib/json.ts');
    for (const result of [
      checkGlobal(parseJson(text), 'g', [], field).check,
      checkInclusion(parseJson(text), 'u', { links: [], failed: 0 }, field),
    ]) {
      expect(result.verdict).toBe('invalid');
      expect(failing(result)).toHaveLength(1);
    }
  });

  it('a circuit that asks for absurd work is refused before the work', () => {
    const made = honest();
    const data = { ...made.data, friConfig: { ...made.data.friConfig, queries: 2 ** 39 } };
    const config = { ...data.config, fri: data.friConfig };
    const text = fileOf({ ...made, data: { ...data, config } });
    expect(failing(check(text, []))).toEqual(['circuit']);
  });
});

describe('each check of an inclusion matters', () => {
  // Two accounts a batch, two batches: leaf, one sibling, one level of two.
  const id = '0123456789abcdef'.repeat(4);
  const leafOf = (equity: bigint, debt: bigint): bigint[] =>
    hashOf([...[0, 14, 28, 42, 56].map((from) => BigInt(`0x${id.slice(from, from + 14)}`)), equity % P, debt % P]);
  const sibling = [11n, 12n, 13n, 14n];
  const other = [21n, 22n, 23n, 24n];
  interface User {
    readonly equity: readonly string[];
    readonly debt: readonly string[];
    readonly index?: number;
    readonly sibling?: string;
  }
  const build = ({ equity, debt, index = 3, sibling: hash = hexOfDigest(sibling) }: User) => {
    const sum = (amounts: readonly string[]) => amounts.reduce((total, amount) => total + BigInt(amount), 0n);
    const leaf = leafOf(sum(equity), sum(debt));
    const root = hashOf([...other, ...hashOf([...sibling, ...leaf])]);
    const json = {
      account: { id, equity, debt },
      index,
      sum_tree_siblings: [hash],
      recursive_tree_siblings: [{ left_hashes: [hexOfDigest(other)], right_hashes: [] }],
    };
    const link: GlobalLink = {
      ...{ file: 'g', verdict: 'valid', root: hexOfDigest(root), equity: 10n ** 19n, debt: 10n ** 19n },
      ...{ batchSize: 2, branchout: 2, levels: 1, tokenCount: equity.length },
    };
    return { json: JSON.stringify(json), link };
  };
  const judge = (json: string, link: GlobalLink | null, ...disabled: string[]): LiabilityCheck =>
    checkInclusion(
      asResult(parsed(json)),
      'u',
      { links: link === null ? [] : [link], failed: 0 },
      field,
      createChecklist(new Set(disabled)),
    );
  const onlyCaught = (name: string, json: string, link: GlobalLink): void => {
    expect(failing(judge(json, link))).toEqual([name]);
    expect(judge(json, link, name).verdict).toBe('valid');
  };
  const good = build({ equity: ['50', '0'], debt: ['0', '7'] });

  it('an honest one is valid, and undecided beside an unpinned proof or alone', () => {
    expect(judge(good.json, good.link).verdict).toBe('valid');
    expect(judge(good.json, { ...good.link, verdict: 'undecided' }).verdict).toBe('undecided');
    expect(judge(good.json, null)).toMatchObject({ verdict: 'undecided', root: good.link.root });
  });
  it('beside a global proof that failed and another: undecided, for its own may be the one that failed', () => {
    const other: GlobalLink = { ...good.link, root: hexOfDigest([1n, 1n, 1n, 1n]) };
    const judged = (links: readonly GlobalLink[]) =>
      checkInclusion(asResult(parsed(good.json)), 'u', { links, failed: 1 }, field);
    expect(judged([other])).toMatchObject({ verdict: 'undecided', uses: [] });
    expect(judged([]).verdict).toBe('undecided');
    expect(judged([other, { ...good.link, verdict: 'undecided' }, good.link]).verdict).toBe('valid');
  });
  it('amounts written in another way', () => {
    const { json, link } = build({ equity: ['050', '0'], debt: ['0', '7'] });
    onlyCaught('amounts', json, link);
  });
  it('amounts that wrap around the field: the customer reads a fortune, the leaf holds 50', () => {
    const { json, link } = build({ equity: [(P - 1n).toString(), '51'], debt: ['0', '0'] });
    expect(link.root).toBe(build({ equity: ['50', '0'], debt: ['0', '0'] }).link.root);
    expect(failing(judge(json, link))).toEqual(['sums']);
    expect(judge(json, { ...link, equity: P * 2n }, 'sums').verdict).toBe('valid');
    onlyCaught('sums', ...(Object.values(build({ equity: ['50', '0'], debt: ['51', '0'] })) as [string, GlobalLink]));
  });
  it('an index out of range or at odds with the path', () => {
    for (const index of [7, 1]) {
      const { json, link } = build({ equity: ['50', '0'], debt: ['0', '7'], index });
      onlyCaught('position', json, link);
    }
  });
  it('a hash that is not canonical', () => {
    const bytes = Buffer.from(hexOfDigest(sibling), 'hex');
    bytes.writeBigUInt64LE(sibling[0]! + P, 0);
    const { json, link } = build({ equity: ['50', '0'], debt: ['0', '7'], sibling: bytes.toString('hex') });
    onlyCaught('canonical', json, link);
  });
  it('another root, other parameters, more tokens or more than the totals', () => {
    onlyCaught('root-link', good.json, { ...good.link, root: hexOfDigest([1n, 1n, 1n, 1n]) });
    onlyCaught('depth', good.json, { ...good.link, batchSize: 4 });
    onlyCaught('levels', good.json, { ...good.link, levels: 2 });
    onlyCaught('tokens', good.json, { ...good.link, tokenCount: 3 });
    onlyCaught('within-totals', good.json, { ...good.link, equity: 49n });
  });
  it('levels of different branch-out', () => {
    const json = parsed(good.json);
    const level = parsed(`{"left_hashes":["${hexOfDigest(sibling)}","${hexOfDigest(sibling)}"],"right_hashes":[]}`);
    const levels = [(json as { recursive_tree_siblings: never[] }).recursive_tree_siblings[0]!, level];
    // Position 2 of 3 on the second level: index 2·(2·2) + 3.
    const uneven = replaced(replaced(json, ['recursive_tree_siblings'], levels), ['index'], parsed('11'));
    const root = judge(bareJson(uneven), null, 'branch-out').root!;
    onlyCaught('branch-out', bareJson(uneven), { ...good.link, root, levels: 2 });
  });
});
