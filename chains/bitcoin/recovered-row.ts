import { quote } from '../../src/domain/ids.ts';
import type { Grade, OwnershipFlag, OwnershipVerdict } from '../../src/domain/ownership.ts';
import { okxEnvelopeDigest } from '../../src/lib/okx-envelope.ts';
import { compressPublicKey, isHighS } from '../../src/lib/secp256k1.ts';
import { trace } from '../../src/lib/trace.ts';
import type { Destination } from './address.ts';
import { explainFailure } from './diagnose.ts';
import { sameBytes } from './hash.ts';
import { signedMessageDigest } from './message.ts';
import { checkMultisig } from './multisig.ts';
import type { ScriptCell } from './script.ts';
import { type RecoverableSignature, recoverSigner, type SignedBy, type Signer } from './signature.ts';
import { matchSingleKey, statedClass } from './single-key.ts';

/** A recoverable signature of a row, and the column it stood in. */
export interface RecoverableColumn {
  readonly column: SignedBy['column'];
  readonly signature: RecoverableSignature;
}

/** A row signed by BIP-137 or in OKX's hex envelope; `header`: the text that the coin's wallets put before a message. */
export interface RecoverableRow {
  readonly destination: Destination;
  readonly message: string;
  readonly header: string;
  readonly cell: ScriptCell;
  /** The cell as printed. */
  readonly cellText: string | null;
}

/** All that is known of a row once its signatures are recovered. */
interface SignedRow extends RecoverableRow {
  readonly signed: readonly SignedBy[];
  readonly flags: readonly OwnershipFlag[];
}

const verdict = (
  grade: Grade,
  scheme: string | null,
  reason: string | null,
  flags: readonly OwnershipFlag[] = [],
): OwnershipVerdict => ({ grade, scheme, reason, flags });

/** Recovers who signed and grades the row: by the key in it, else by its script, else by the address's own derivation. */
export function gradeRecovered(row: RecoverableRow, columns: readonly RecoverableColumn[]): OwnershipVerdict {
  const { message, header } = row;
  const signed: SignedBy[] = [];
  for (const { column, signature } of columns) {
    trace?.part(`${column}, recovered`);
    trace?.attempt(attemptOf(signature, header));
    const digest = signature.kind === 'okx-hex' ? okxEnvelopeDigest(message) : signedMessageDigest(header, message);
    const signer = recoverSigner(signature, digest);
    if (signer === null) return verdict('invalid', signature.kind, `${column} recovers to no key`);
    signed.push({ column, signature, signer });
  }
  const flags: OwnershipFlag[] = signed.some(({ signature }) => isHighS(signature.rs)) ? ['non-canonical'] : [];
  const known: SignedRow = { ...row, signed, flags };
  return gradeSuppliedKey(known) ?? gradeScript(known) ?? gradeSingleKey(known);
}

const attemptOf = ({ kind }: RecoverableSignature, header: string): string =>
  kind === 'okx-hex'
    ? "okx-hex: Keccak-256 of OKX's own envelope of the message"
    : `bip137: double SHA-256 of the message under the header ${quote(header)}`;

/**
 * A public key in the row must be the signer's; null where the row has none. Such a row is `key-only` even where its
 * address is derived from the key: it states a key and is checked by it (OKX's recover rows; the vectors bind them to the key).
 */
function gradeSuppliedKey(row: SignedRow): OwnershipVerdict | null {
  const { cell, signed, destination } = row;
  if (cell.kind !== 'public-key') return null;
  const supplied = cell.key.length === 33 ? cell.key : compressPublicKey(cell.key);
  const isSupplied = ({ compressed }: Signer): boolean => {
    const equal = sameBytes(compressed, supplied);
    trace?.compare('recovered key, the public key in the row', compressed, supplied, equal);
    return equal;
  };
  const other = signed.find(({ signer }) => !isSupplied(signer));
  if (other) return invalid(row, 'utxo-key', other, isSupplied, 'is not by the public key in the row');
  const derived = signed.every(({ signer }) => matchSingleKey(destination, signer) !== null);
  const link = derived ? 'the address is derived from it' : 'nothing in the row ties the address to it';
  return verdict('key-only', 'utxo-key', `signed by the public key that the row itself supplies; ${link}`, row.flags);
}

/** A script in the row of a script address decides the row; null where there is none. */
function gradeScript(row: SignedRow): OwnershipVerdict | null {
  const { cell, destination, signed } = row;
  if (cell.kind !== 'script' || !isScriptAddress(destination)) return null;
  const scheme = 'utxo-multisig';
  const outcome = checkMultisig(destination, cell.script, signed);
  if (outcome.kind === 'wrong-script') return verdict('invalid', scheme, outcome.reason, row.flags);
  if (outcome.kind === 'other-script') return verdict('undecided', scheme, outcome.reason, row.flags);
  if (outcome.kind === 'stranger') {
    return invalid(row, scheme, outcome.by, outcome.isSigner, 'is by no key of the script');
  }
  const { threshold, keys, distinctSigners } = outcome;
  const flags: readonly OwnershipFlag[] =
    distinctSigners < signed.length ? [...row.flags, 'duplicate-signer'] : row.flags;
  if (distinctSigners >= threshold) return verdict('address-bound', scheme, null, flags);
  const reason = `${distinctSigners} distinct signer${distinctSigners === 1 ? '' : 's'}, the ${threshold}-of-${keys} script demands ${threshold}`;
  return verdict('partial', scheme, reason, flags);
}

function gradeSingleKey(row: SignedRow): OwnershipVerdict {
  const { destination, signed } = row;
  const matched = signed.map((by) => ({ by, match: matchSingleKey(destination, by.signer) }));
  const failed = matched.find(({ match }) => match === null);
  if (failed === undefined) {
    const misfits = matched.some(({ by, match }) => ![null, match].includes(statedClass(by.signature)));
    const scheme = `${matched[0]?.by.signature.kind}-${matched[0]?.match}`;
    return verdict('address-bound', scheme, null, misfits ? ['non-canonical'] : row.flags);
  }
  const { by } = failed;
  if (isScriptAddress(destination) && statedClass(by.signature) === null) {
    const unread = row.cell.kind === 'unreadable' ? `unreadable ${quote(row.cellText ?? '')}` : 'no script';
    return verdict(
      'invalid',
      'utxo-multisig',
      `a script address with ${unread} in the row: nothing shows whose keys it needs`,
    );
  }
  const accepts = (signer: Signer) => matchSingleKey(destination, signer) !== null;
  return invalid(row, `${by.signature.kind}-${destination.kind}`, by, accepts, "is by another key than the address's");
}

const isScriptAddress = ({ kind }: Destination): boolean => kind === 'p2sh' || kind === 'p2wsh' || kind === 'p2sh32';

/** An invalid verdict that also says what would have fitted; costs recoveries, so only failures come here. */
function invalid(
  { message, header, flags }: SignedRow,
  scheme: string,
  by: SignedBy,
  accepts: (signer: Signer) => boolean,
  what: string,
): OwnershipVerdict {
  const hint = explainFailure(by.signature, message, header, accepts);
  return verdict('invalid', scheme, `${by.column} ${what}${hint === null ? '' : `; ${hint}`}`, flags);
}
