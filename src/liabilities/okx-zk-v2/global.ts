import type { Result } from '../../domain/result.ts';
import { type Json, field as member } from '../../lib/json.ts';
import { type Checklist, createChecklist } from '../checklist.ts';
import { unitOpen } from '../total.ts';
import type { CircuitPin, LiabilityCheck } from '../types.ts';
import { checkCircuit, checkParameters, chooseCircuit } from './choose-circuit.ts';
import { hexOfDigest } from './digest.ts';
import type { Field } from './field.ts';
import { type General, readCircuitsInfo, readGeneral, sameConfig } from './general.ts';
import type { GlobalLink } from './inclusion.ts';
import { NET_LIMIT } from './inclusion-path.ts';
import { type PublicInputs, verifyProof } from './verify-proof.ts';

/** The most bytes of a global proof; the published ones have some 600 KB. */
export const MAX_GLOBAL_BYTES = 16 << 20;

const CAVEATS = [
  'One combined total in the one unit that the prover chose for all tokens (US dollars, says its source); not a total per asset.',
  'The net of equity and debt is proven not negative for each account and not to overflow; single token amounts are not range-checked.',
  'The recursive circuit fixes the digest of the circuit below it but takes its commitment from the prover, as far as its source was read: this is a verified proof, not proven solvency.',
  'round_num is only stated beside the proof: nothing binds it. Batch size, branch-out, number of tokens and recursion levels are bound only where the known circuit names them.',
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
  const total = (asset: string, amount: bigint) => unitOpen(asset, amount.toString());
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
