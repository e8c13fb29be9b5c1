import type * as groth16 from '../../../src/liabilities/bn254/groth16.ts';
import type { LiabilityCheck } from '../../../src/liabilities/types.ts';
import type { checkFiles, Layout } from '../../../src/liabilities/zkmerkle/check-files.ts';
import * as binance from '../binance/cases.ts';
import { SMALL as SMALL_BINANCE } from '../binance/set-maker.ts';
import type { Check } from '../cases.ts';
import type { Instrumented } from '../conditions.ts';
import { describeConditions } from '../force-conditions.ts';
import * as gateio from '../gateio/cases.ts';
import { SMALL as SMALL_GATEIO } from '../gateio/set-maker.ts';
import * as htx from '../htx/cases.ts';
import { CURVE_CALLS, ODD_FILES } from './odd-files.ts';
import { UNNOTICED } from './unnoticed.ts';

/** What reading a key or a proof, or checking claims, gives, in the form of an entry. */
function curveEntry(curve: typeof groth16, name: string, text: string): LiabilityCheck {
  const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
  const judge = (): string | null => {
    if (name === 'bn254-key') {
      const key = curve.parseVerifyingKey(bytes(text));
      return key.ok ? `${key.value.inputs.length} ${key.value.commitments} ${key.value.alpha.toHex()}` : null;
    }
    if (name === 'bn254-proof') {
      const proof = curve.parseProof(bytes(text));
      return proof.ok ? `${proof.value.a.toHex()} ${proof.value.b.toHex()} ${proof.value.commitments}` : null;
    }
    const { key: hex, claims } = JSON.parse(text) as { key: string; claims: [string, string][] };
    const key = curve.parseVerifyingKey(bytes(hex));
    if (!key.ok) throw new Error(key.error);
    const read = claims.map(([input, proof]) => {
      const parsed = curve.parseProof(bytes(proof));
      if (!parsed.ok) throw new Error(parsed.error);
      return { proof: parsed.value, input: BigInt(input), bytes: bytes(proof) };
    });
    return `${curve.firstFalseClaim(key.value, read)}`;
  };
  const root = judge();
  return {
    ...{ file: name, uses: [], kind: 'gateio', verdict: root === null ? 'invalid' : 'valid', grade: 'none' },
    ...{ binding: 'none', totals: [], root, checks: [], caveats: [] },
  };
}

/** The verifiers of the exchanges, and the curve's functions, behind one call. */
async function load(made: Instrumented): Promise<Check> {
  const curve = await made.load<typeof groth16>('liabilities/bn254/groth16.js');
  const files = await made.load<{ checkFiles: typeof checkFiles }>('liabilities/zkmerkle/check-files.js');
  const { GATEIO } = await made.load<{ GATEIO: Layout }>('liabilities/gateio/format.js');
  const { BINANCE } = await made.load<{ BINANCE: Layout }>('liabilities/binance/format.js');
  const { HTX } = await made.load<{ HTX: Layout }>('liabilities/htx/format.js');
  const layouts = {
    gateio: { ...GATEIO, versions: SMALL_GATEIO.versions, versionOf: () => null },
    binance: { ...BINANCE, versions: SMALL_BINANCE.versions },
    htx: HTX,
  };
  return async (opened, options, off) => {
    const { file, kind } = opened[0]!;
    if (!file.name.startsWith('bn254-')) return files.checkFiles(opened, options, layouts[kind as 'gateio'], off);
    const text = await file.readText(Number.POSITIVE_INFINITY);
    return [curveEntry(curve, file.name, text.ok ? text.value : '')];
  };
}

describeConditions(
  (file) =>
    file === 'lib/json-quick.ts' ||
    // What tells files apart, and keys that a user gives, have tests of their own (format.test.ts).
    (/^liabilities\/(?:gateio|binance|htx|zkmerkle|bn254)\//.test(file) && !/format|versions|keys|poseidon/.test(file)),
  [...gateio.HONEST, ...binance.HONEST, ...htx.HONEST, ...CURVE_CALLS, ...ODD_FILES, ...htx.ODD],
  [...gateio.CASES, ...binance.CASES],
  load,
  UNNOTICED,
  { slow: true },
);
