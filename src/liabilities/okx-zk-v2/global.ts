import type { Result } from '../../domain/result.ts';
import { isArray, type Json, field as member, numberText } from '../../lib/json.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import type { CircuitPin, LiabilityCheck } from '../types.ts';
import { digestFits, faultOfCircuit, friSecurityBits } from './circuit.ts';
import { hexOfDigest } from './digest.ts';
import type { Field } from './field.ts';
import { type General, readCircuitsInfo, readGeneral, sameConfig } from './general.ts';
import { type GlobalLink, NET_LIMIT } from './inclusion.ts';
import { parseVerifierData, type VerifierData } from './verifier-data.ts';
import { type PublicInputs, verifyProof } from './verify-proof.ts';

/** The most bytes of a global proof; the published ones have some 600 KB. */
export const MAX_GLOBAL_BYTES = 16 << 20;

/** Soundness that plonky2's standard configuration aims at (`security_bits`): fewer queries prove nothing. */
const LEAST_SECURITY_BITS = 100;

const CAVEATS = [
  'One combined total in the one unit that the prover chose for all tokens (US dollars, says its source); not a total per asset.',
  'The net of equity and debt is proven not negative for each account and not to overflow; single token amounts are not range-checked.',
  'The recursive circuit fixes the digest of the circuit below it but takes its commitment from the prover, as far as its source was read: this is a verified proof, not proven solvency.',
  'round_num and the other fields of `general` are stated beside the proof and bound only where the pin names them.',
];

/** A checked global proof, and what inclusions of the same call are judged against (null when it proves nothing). */
export interface GlobalOutcome {
  readonly check: LiabilityCheck;
  readonly link: GlobalLink | null;
}

/**
 * Checks a parsed global proof (`sum_proof_data.json`) natively. `valid` only with a pinned circuit: the whole verifier data equal
 * byte for byte to a pin. Different from a pin that applies: `invalid`. No pin that applies: `undecided`, if all else holds.
 */
export function checkGlobal(
  json: Result<Json>,
  name: string,
  pins: readonly CircuitPin[],
  field: Field,
  checks: Checklist = createChecklist(),
): GlobalOutcome {
  const proven = verifyFile(json, pins, field, checks);
  if (proven === null || checks.failed()) {
    const unsupported = proven === null && !checks.failed();
    return { check: entry(name, unsupported ? 'undecided' : 'invalid', null, checks), link: null };
  }
  const { general, publicInputs, pin, levels } = proven;
  const [equity, debt] = publicInputs as [bigint, bigint];
  const verdict = pin === null ? 'undecided' : 'valid';
  const link: GlobalLink = {
    ...{ file: name, verdict, equity, debt, levels },
    root: hexOfDigest(publicInputs.slice(2)),
    batchSize: general.batchSize,
    branchout: general.branchout,
    tokenCount: general.tokenCount,
  };
  return { check: entry(name, verdict, { link, pin }, checks), link };
}

function entry(
  file: string,
  verdict: LiabilityCheck['verdict'],
  proven: { readonly link: GlobalLink; readonly pin: CircuitPin | null } | null,
  checks: Checklist,
): LiabilityCheck {
  const pin = proven?.pin ?? null;
  const total = (asset: string, amount: bigint) => ({ asset, amount: amount.toString() });
  return {
    file,
    uses: pin === null ? [] : [`circuit ${pin.name}`],
    kind: 'okx-zk-v2-global',
    verdict,
    grade: proven === null ? 'none' : pin === null ? 'zk-unpinned' : 'zk-global',
    binding: pin === null ? 'none' : 'combined-total',
    totals:
      proven === null
        ? []
        : [
            total('combined-net', proven.link.equity - proven.link.debt),
            total('combined-equity', proven.link.equity),
            total('combined-debt', proven.link.debt),
          ],
    root: proven?.link.root ?? null,
    checks: checks.items,
    caveats: [
      ...(proven === null ? [] : CAVEATS),
      ...(pin === null ? [] : [`Circuit ${pin.name}: ${pin.provenance}`]),
      ...(proven !== null && pin === null
        ? [
            'The circuit is the one that the file itself brings: whoever wrote the file may have chosen one that proves anything.',
          ]
        : []),
    ],
  };
}

interface Proven {
  readonly general: General;
  readonly publicInputs: PublicInputs;
  readonly pin: CircuitPin | null;
  readonly levels: number | null;
}

function verifyFile(json: Result<Json>, pins: readonly CircuitPin[], field: Field, checks: Checklist): Proven | null {
  if (!checks.require('file', json.ok, json.ok ? 'JSON' : json.error) || !json.ok) return null;
  const general = readGeneral(json.value);
  const info = readCircuitsInfo(json.value);
  const complaint = typeof general === 'string' ? general : typeof info === 'string' ? info : null;
  if (!checks.require('general', complaint === null, complaint ?? `round ${(general as General).round}`)) return null;
  if (typeof general === 'string' || typeof info === 'string') return null;

  const circuit = chooseCircuit(json.value, general, info?.verifierData.toLowerCase() ?? null, pins, checks);
  if (circuit === null) return null;
  const { data, pin } = circuit;
  if (!checkCircuit(json.value, data, field, checks)) return null;
  const levels = info?.configs.length ?? pin?.levels ?? null;
  if (info !== null) {
    const same = sameConfig(info.configs.at(-1), data.config);
    if (!checks.require('circuit-config', same, 'the last configuration listed is that of the root circuit'))
      return null;
  }
  if (pin !== null && !checkParameters(general, levels, pin, checks)) return null;
  const publicInputs = verifyProof(member(json.value, 'proof'), data, field, checks);
  if (publicInputs === null) return null;
  const [equity, debt] = publicInputs as [bigint, bigint];
  const range = equity >= debt && equity - debt < NET_LIMIT;
  if (!checks.require('totals', range, 'debt is not above equity and the net total is below 2^62')) return null;
  return { general, publicInputs, pin, levels };
}

/** The digest that the file claims, as hex, or null. */
function claimedDigest(json: Json): string | null {
  const elements = member(member(json, 'root_vd_digest'), 'elements');
  if (!isArray(elements) || elements.length !== 4) return null;
  const words = elements.map((element) => numberText(element));
  if (!words.every((word) => word !== undefined && /^(?:0|[1-9]\d{0,19})$/.test(word))) return null;
  const values = words.map((word) => BigInt(word!));
  return values.every((value) => value < 1n << 64n) ? hexOfDigest(values) : null;
}

/** Where the digest stands in verifier data: after the cap height and the cap of one or two digests. */
function digestOf(verifierData: string): string | null {
  const parsed = parseVerifierData(Buffer.from(verifierData, 'hex'));
  return parsed.ok ? hexOfDigest(parsed.value.digest) : null;
}

/** The circuit to verify against: a pin that applies and equals the file's own circuit, or the file's own unpinned. */
function chooseCircuit(
  json: Json,
  general: General,
  own: string | null,
  pins: readonly CircuitPin[],
  checks: Checklist,
): { readonly data: VerifierData; readonly pin: CircuitPin | null } | null {
  const digests = new Set([claimedDigest(json), own === null ? null : digestOf(own)]);
  digests.delete(null);
  const given = pins.some(({ scope }) => scope === 'given');
  const applies = (pin: CircuitPin): boolean =>
    pin.scope === 'given' || pin.rounds.includes(general.round) || digests.has(digestOf(pin.verifierData));
  const applicable = pins.filter(applies);
  const pin =
    own === null
      ? (applicable.find((candidate) => digests.has(digestOf(candidate.verifierData))) ?? applicable[0])
      : applicable.find((candidate) => candidate.verifierData === own);
  if (applicable.length > 0) {
    const names = applicable.map(({ name }) => name).join(', ');
    const detail = `the whole verifier data equals ${given ? 'the circuit given' : 'the known circuit'} (${names}) byte for byte`;
    if (!checks.require('circuit-pin', pin !== undefined, detail)) return null;
  } else checks.skip('circuit-pin', 'no circuit is known for this round: only the circuit that the file itself brings');
  const source = pin?.verifierData ?? own;
  if (source === null) {
    checks.skip('circuit', 'the file brings no circuit and none is known for its round: give it with --circuit');
    return null;
  }
  const parsed = parseVerifierData(Buffer.from(own ?? source, 'hex'));
  if (!parsed.ok) {
    // A circuit that this version cannot read is not a lie: what it proves stays open.
    checks.skip('circuit', parsed.error);
    return null;
  }
  return { data: parsed.value, pin: pin ?? null };
}

function checkCircuit(json: Json, data: VerifierData, field: Field, checks: Checklist): boolean {
  const fault = faultOfCircuit(data);
  if (!checks.require('circuit', fault === null, fault ?? `${data.gates.length} gates, 2^${data.degreeBits} rows`))
    return false;
  const bits = friSecurityBits(data);
  const queries = `${bits} bits from ${data.friConfig.queries} queries and ${data.friConfig.powBits} bits of work`;
  if (!checks.require('fri-security', bits >= LEAST_SECURITY_BITS, queries)) return false;
  const bound = data.gates.some(({ name }) => name === 'PublicInput');
  if (!checks.require('public-input-gate', bound, 'a gate ties the proof to its public inputs')) return false;
  if (!checks.require('circuit-digest', digestFits(data, field), 'the digest is the hash of cap and degree'))
    return false;
  const same = claimedDigest(json) === hexOfDigest(data.digest);
  return checks.require('root-vd-digest', same, 'root_vd_digest is the digest of the circuit');
}

/** The parameters beside the proof, as far as the pin knows them. */
function checkParameters(general: General, levels: number | null, pin: CircuitPin, checks: Checklist): boolean {
  const known: readonly (readonly [string, number | null, number | null])[] = [
    ['batch size', pin.batchSize, general.batchSize],
    ['branch-out', pin.branchout, general.branchout],
    ['levels', pin.levels, levels],
    ['token count', pin.tokenCount, general.tokenCount],
  ];
  const stated = known.filter(([, expected]) => expected !== null);
  if (stated.length === 0) {
    checks.skip('parameters', 'the pin does not tell batch size, branch-out, levels or token count');
    return true;
  }
  const wrong = stated.filter(([, expected, actual]) => expected !== actual).map(([name]) => name);
  const detail =
    wrong.length === 0 ? stated.map(([name]) => name).join(', ') : `${wrong.join(', ')} differ from the pin's`;
  return checks.require('parameters', wrong.length === 0, detail);
}
