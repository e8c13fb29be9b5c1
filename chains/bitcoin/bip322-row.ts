import type { OwnershipFlag, OwnershipVerdict } from '../../src/domain/ownership.ts';
import { nearbyTexts } from '../../src/lib/nearby-texts.ts';
import { compressPublicKey } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';
import type { Destination } from './address.ts';
import { sameBytes } from './hash.ts';
import type { ScriptCell } from './script.ts';
import { checkWitness } from './witness.ts';

/** A BIP-322 signature of a row, simple form, and the column it stood in. */
export interface WitnessColumn {
  readonly column: 'signature1' | 'signature2';
  readonly witness: readonly Uint8Array[];
}

/**
 * Grades a row signed by BIP-322's simple form: every signature must satisfy the address's script, and the key or script
 * column, where there is one, must be what the witness shows. A script that one key signs twice is `partial`.
 */
export function gradeWitnesses(
  destination: Destination,
  message: string,
  columns: readonly WitnessColumn[],
  cell: ScriptCell,
): OwnershipVerdict {
  const flags: OwnershipFlag[] = columns.length > 1 ? ['duplicate-signer'] : [];
  let scheme = 'bip322';
  let short: string | null = null;
  for (const { column, witness } of columns) {
    trace?.part(`${column}, as the witness of BIP-322's virtual transaction`);
    trace?.attempt("bip322: BIP-322's hash of the message in to_spend, and the hash that to_sign's signature signs");
    const outcome = checkWitness(destination, message, witness);
    scheme = outcome.scheme;
    if (outcome.kind === 'undecided')
      return { grade: 'undecided', scheme, reason: `${column}: ${outcome.reason}`, flags: [] };
    if (outcome.kind === 'fails') {
      const near = nearbyTexts(message).find(({ what, text }) => {
        trace?.attempt(what, false);
        return checkWitness(destination, text, witness).kind === 'holds';
      });
      const hint = near === undefined ? '' : `; it would fit ${near.what}`;
      return { grade: 'invalid', scheme, reason: `${column}: ${outcome.reason}${hint}`, flags: [] };
    }
    if (!agrees(cell, destination, witness)) {
      return {
        grade: 'invalid',
        scheme,
        reason: `the key or script in the row is not the one of ${column}`,
        flags: [],
      };
    }
    if (outcome.distinctSigners < outcome.threshold) {
      short = `${outcome.distinctSigners} distinct signer${outcome.distinctSigners === 1 ? '' : 's'}, the script demands ${outcome.threshold}`;
    }
  }
  if (short !== null) return { grade: 'partial', scheme, reason: short, flags: ['duplicate-signer'] };
  return { grade: 'address-bound', scheme, reason: null, flags };
}

/** Whether the row's key or script is the last item of the witness; taproot's witness shows neither. */
function agrees(cell: ScriptCell, { kind }: Destination, witness: readonly Uint8Array[]): boolean {
  const shown = witness.at(-1);
  if (kind === 'p2tr' || shown === undefined) return true;
  if (cell.kind === 'script') return sameBytes(cell.script, shown);
  if (cell.kind !== 'public-key') return true;
  return sameBytes(cell.key.length === 33 ? cell.key : compressPublicKey(cell.key), shown);
}
