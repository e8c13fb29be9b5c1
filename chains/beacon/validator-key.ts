import { bls12_381 } from '@noble/curves/bls12-381.js';
import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { fitsOnce } from '../../src/lib/curve-work.ts';
import { keepResults } from '../../src/lib/kept-results.ts';
import { parseHexBytes } from '../../src/lib/recoverable-signature.ts';
import { trace } from '../../src/lib/trace.ts';

const { G1, G2, longSignatures } = bls12_381;

/** Ethereum's consensus layer signs with proof of possession (consensus-specs, phase0, "BLS signatures"). */
const DOMAIN = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_';

/** An address is asked about twice a row, a signature once an asset, a message all the time. */
const keptKeys = keepResults<Result<string>>(4096);
const keptPoints = keepResults<ReturnType<typeof longSignatures.hash>>(64);

/**
 * Reads a validator's public key, which is its address: 48 bytes in hex, with or without `0x`, that are a compressed point of G1 in the
 * prime-order subgroup and not infinity (KeyValidate, draft-irtf-cfrg-bls-signature section 2.5). Canonical is `0x` and lower case.
 */
export const parseValidatorKey = (text: string): Result<string> => keptKeys(text, () => decode(text));

function decode(text: string): Result<string> {
  const wrong = (why: string) => err(`validator key ${quote(text)} ${why}; copy it again`);
  const bytes = parseHexBytes(text);
  if (!bytes.ok) return wrong(`cannot be read: ${bytes.error}`);
  if (bytes.value.length !== 48) return wrong(`has ${bytes.value.length} bytes, 48 are needed`);
  return isValidPoint(G1, bytes.value)
    ? ok(`0x${Buffer.from(bytes.value).toString('hex')}`)
    : wrong('is no point of the BLS12-381 subgroup');
}

/**
 * Whether 96 bytes (compressed point of G2, in the subgroup, not infinity) are the key's signature of the bytes (minimal-pubkey-size,
 * proof-of-possession scheme). The key must have been read by `parseValidatorKey`.
 */
export function verifyBls(key: string, message: Uint8Array, signature: Uint8Array): boolean {
  const said = Buffer.from(message).toString('hex');
  const point = Buffer.from(key.slice(2), 'hex');
  const holds = fitsOnce('bls12-381', [point, message, signature], () => {
    if (!isValidPoint(G2, signature)) return false;
    const hashed = keptPoints(said, () => longSignatures.hash(message, DOMAIN));
    return longSignatures.verify(signature, hashed, point);
  });
  trace?.verify(`BLS12-381, keys in G1, ${DOMAIN}`, point, message, signature, holds);
  return holds;
}

/** `fromBytes` throws for what is not on the curve or not in the subgroup, and takes infinity. */
function isValidPoint(group: typeof G1 | typeof G2, bytes: Uint8Array): boolean {
  try {
    return !group.Point.fromBytes(Uint8Array.from(bytes)).is0();
  } catch {
    return false;
  }
}
