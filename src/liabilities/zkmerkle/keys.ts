import { err, ok, type Result } from '../../domain/result.ts';
import { MAX_KEY_BYTES, parseVerifyingKey, type VerifyingKey } from '../bn254/groth16.ts';
import type { CircuitPin } from '../types.ts';

/** A verifying key that somebody vouches for. */
export interface KeyPin {
  readonly name: string;
  readonly provenance: string;
  readonly key: VerifyingKey;
}

/** A Groth16 verifying key that the user vouches for (`--circuit`): the text is gnark's file in hex, white space ignored. */
export function keyGiven(text: string, name: string): Result<CircuitPin> {
  const hex = text.replace(/\s+/g, '').toLowerCase();
  if (hex.length > 2 * MAX_KEY_BYTES || !/^(?:[0-9a-f]{2})+$/.test(hex))
    return err('not a verifying key in hex (xxd -p turns a binary key into hex)');
  const key = parseVerifyingKey(Buffer.from(hex, 'hex'));
  if (!key.ok) return err(`not a verifying key that can be read: ${key.error}`);
  return ok({
    // Not `given`: that would make it the circuit of plonky2 proofs of the same call too.
    ...{ name, verifierData: hex, scope: 'known', rounds: [], provenance: 'given by whoever ran the check.' },
    ...{ batchSize: null, branchout: null, levels: null, tokenCount: null },
  });
}

/** The Groth16 keys among the circuits that the user vouches for; circuits of other kinds are left out. */
export function keysOf(circuits: readonly CircuitPin[]): readonly KeyPin[] {
  return circuits.flatMap(({ name, provenance, verifierData }) => {
    const key = parseVerifyingKey(Buffer.from(verifierData, 'hex'));
    return key.ok ? [{ name, provenance, key: key.value }] : [];
  });
}
