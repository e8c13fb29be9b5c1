import { isArray, type Json, field as member, numberText } from '../../lib/json.ts';
import type { Checklist } from '../checklist.ts';
import type { CircuitPin } from '../types.ts';
import { digestFits, faultOfCircuit, friSecurityBits } from './circuit.ts';
import { hexOfDigest } from './digest.ts';
import type { Field } from './field.ts';
import type { General } from './general.ts';
import { parseVerifierData, type VerifierData } from './verifier-data.ts';

/** Soundness that plonky2's standard configuration aims at (`security_bits`): fewer queries prove nothing. */
const LEAST_SECURITY_BITS = 100;

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
export function chooseCircuit(
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

/** Whether the circuit can be worked with and is sound on its own figures, and is the one that the file names. */
export function checkCircuit(json: Json, data: VerifierData, field: Field, checks: Checklist): boolean {
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
export function checkParameters(general: General, levels: number | null, pin: CircuitPin, checks: Checklist): boolean {
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
