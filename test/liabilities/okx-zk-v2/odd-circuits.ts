import { GENERATOR, P, power } from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import type { VerifierData } from '../../../src/liabilities/okx-zk-v2/verifier-data.ts';
import type { Call } from '../cases.ts';
import { printJson } from '../merkle/call.ts';
import { fileOf, proved, strong } from './global-file.ts';
import { parsed, replaced } from './json-edit.ts';
import { serialiseVerifierData } from './serialise.ts';

const made = proved([1000n, 10n, 1n, 2n, 3n, 4n], strong({ queries: 2 }));
const { data } = made;
const { config, friConfig, gates, groups, selectorIndices } = data;
const fri = (change: Partial<VerifierData['friConfig']>): Partial<VerifierData> => ({
  friConfig: { ...friConfig, ...change },
  config: { ...config, fri: { ...friConfig, ...change } },
});
const configured = (change: Partial<VerifierData['config']>): Partial<VerifierData> => ({
  config: { ...config, ...change },
});
const words = (count: number): bigint[] => new Array(count).fill(0n);
const last = groups.length - 1;

const HUGE: Partial<VerifierData> = {
  friConfig: { ...friConfig, queries: 256 },
  config: { ...config, wires: 1024, routedWires: 1024, challenges: 4, fri: { ...friConfig, queries: 256 } },
  ...{ quotientDegree: 2, partialProducts: 511 },
  shifts: Array.from({ length: 1024 }, (_, i) => power(GENERATOR, BigInt(i))),
};

/** A circuit with one figure that it must not have: what each of them is refused for is its name. */
const CHANGES: readonly (readonly [string, Partial<VerifierData>])[] = [
  ['no queries', fri({ queries: 0 })],
  ['more work than anybody does', fri({ powBits: 41 })],
  ['no base arithmetic', configured({ useBaseArithmetic: 0 })],
  ['no rows', { degreeBits: 0 }],
  ['more rows than any circuit', { degreeBits: 29 }],
  ['a step that folds nothing', { arityBits: [0, 1] }],
  ['a step that folds by 512', { degreeBits: 10, arityBits: [9] }],
  ['steps of more than the degree', { arityBits: [2, 2] }],
  ['steps of less than the degree', { degreeBits: 13, arityBits: [] }],
  ['a cap above the last tree', { ...fri({ capHeight: 5 }), constantsSigmasCap: words(128) }],
  ['a cap of another height', { constantsSigmasCap: words(64) }],
  ['two FRI configurations', { friConfig: { ...friConfig, queries: 35 } }],
  ['hiding without zero knowledge', { hiding: false }],
  ['five public inputs', { publicInputs: 5 }],
  ['a partial product more', { partialProducts: data.partialProducts + 1 }],
  ['a shift less', { shifts: data.shifts.slice(0, -1) }],
  ['proofs that fill the memory', HUGE],
  ['a selector more', { selectorIndices: [...selectorIndices, last] }],
  ['a selector less', { selectorIndices: selectorIndices.slice(1) }],
  ['groups that overlap', { groups: groups.with(1, { start: groups[1]!.start - 1, end: groups[1]!.end }) }],
  [
    'an empty group',
    { groups: [...groups, { start: gates.length, end: gates.length }], constants: data.constants + 1 },
  ],
  ['groups of less than all gates', { groups: groups.slice(0, -1) }],
  ['groups of more than all gates', { groups: groups.with(last, { ...groups[last]!, end: gates.length + 1 }) }],
  ['a selector of no group', { selectorIndices: selectorIndices.with(0, 9) }],
  ['a gate before its group', { selectorIndices: selectorIndices.with(0, 1) }],
  ['a gate after its group', { selectorIndices: selectorIndices.with(gates.length - 1, 0) }],
  ['wires of less than a gate', configured({ wires: 134 })],
  ['constants of less than a gate', { constants: data.constants - 1 }],
  ['constraints of less than a gate', { gateConstraints: data.gateConstraints - 1 }],
  ['a digest that is not canonical', { digest: [P, ...data.digest.slice(1)] }],
];
const hex = serialiseVerifierData(data);
/** What stands at a place of the bytes, each u64 little-endian. */
const at = (byte: number, text: string): string => hex.slice(0, 2 * byte) + text + hex.slice(2 * byte + text.length);
const u64 = (value: bigint): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.toString('hex');
};
/** Where the configuration begins: after the cap's height, the cap and the digest. */
const CONFIG = 8 + 8 * (data.constantsSigmasCap.length + 4);
const FRI = CONFIG + 6 * 8 + 2;
const BYTES: readonly (readonly [string, string])[] = [
  ['cut', hex.slice(0, -2)],
  ['cut within its first number', hex.slice(0, 6)],
  ['cut before its last gate', hex.slice(0, -8)],
  ['a byte more', `${hex}00`],
  ['of more bytes than any', hex + '00'.repeat(65_536)],
  ['a cap of a height that no memory has', u64(40n) + hex.slice(16)],
  ['a cap of a height that is cut', u64(9n) + hex.slice(16)],
  ['a count of 2^60', at(CONFIG, u64(1n << 60n))],
  ['a flag of 2', at(CONFIG + 48, '02')],
  ['another flag of 2', at(CONFIG + 49, '02')],
  ['a strategy of the fourth kind', at(FRI + 28, '03')],
  ['a list of 2^39', at(FRI + 29, u64(1n << 39n))],
  ['an unknown gate', `${hex.slice(0, -8)}03000000`],
  ['a gate of nothing', `${hex.slice(0, -8)}00000000${u64(0n)}`],
  ['a gate of too much', `${hex.slice(0, -8)}00000000${u64(5000n)}`],
  ['an interpolation of too much', `${hex.slice(0, -8)}04000000${u64(6n)}`],
  ['a random access of nothing', `${hex.slice(0, -8)}0e000000${u64(4n)}${u64(0n)}${u64(0n)}`],
  ['a random access of too much', `${hex.slice(0, -8)}0e000000${u64(4n)}${u64(5000n)}${u64(0n)}`],
  ['a random access with no constants', `${hex.slice(0, -8)}0e000000${u64(1n)}${u64(2n)}${u64(0n)}`],
];
const bringing = (name: string, text: string): Call => ({
  name: `a circuit: ${name}`,
  files: { 'sum_proof_data.json': { kind: 'okx-zk-v2-global', text } },
  off: ['fri-security'],
});
const text = fileOf(made);
const honest = parsed(text);
/** How the steps were chosen, in the bytes and in the JSON: it counts for nothing but that both say the same. */
const FIXED = `00${u64(BigInt(data.arityBits.length))}${data.arityBits.map((bits) => u64(BigInt(bits))).join('')}`;
const FIXED_JSON = `{"Fixed":[${data.arityBits.join()}]}`;
const STRATEGIES: readonly (readonly [string, string])[] = [
  [`01${u64(4n)}${u64(5n)}`, '{"ConstantArityBits":[4,5]}'],
  [`01${u64(4n)}${u64(5n)}`, '{"ConstantArityBits":[4,6]}'],
  [`01${u64(4n)}${u64(5n)}`, '{"ConstantArityBits":[4]}'],
  ['0200', '{"MinSize":null}'],
  ['0200', '{"MinSize":0}'],
  ['0200', '{"MinSize":"x"}'],
  [`0201${u64(3n)}`, '{"MinSize":3}'],
  [`0201${u64(3n)}`, '{"MinSize":4}'],
  [`0201${u64(3n)}`, '{"MinSize":3,"Fixed":3}'],
  ['0202', '{"MinSize":null}'],
];

/** Global proofs that bring a circuit which cannot be worked with, or can hardly. */
export const ODD_CIRCUITS: readonly Call[] = [
  ...STRATEGIES.map(([bytes, json]) =>
    bringing(`${json} for ${bytes}`, text.replaceAll(FIXED, bytes).replaceAll(FIXED_JSON, json)),
  ),
  ...CHANGES.map(([name, change]) => bringing(name, fileOf({ ...made, data: { ...data, ...change } }))),
  ...BYTES.map(([name, bytes]) =>
    bringing(name, printJson(replaced(honest, ['circuits_info', 'root_verifier_data_hex'], bytes))),
  ),
];
