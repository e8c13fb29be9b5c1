import { bech32, bech32m, createBase58check, hex } from '@scure/base';
import { type Address, quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';
import { decodeCashaddr, encodeCashaddr } from './cashaddr.ts';
import { sameBytes } from './hash.ts';
import type { BitcoinParams } from './params.ts';

/**
 * What an address locks coins to. `p2sh32` is the 32-byte script hash of Bitcoin Cash (CHIP-2022-05);
 * `witness` is a segwit program of a version or length without rules yet (BIP-141, BIP-350).
 */
export type Destination =
  | { readonly kind: 'p2pkh' | 'p2sh' | 'p2wpkh'; readonly hash: Uint8Array }
  | { readonly kind: 'p2wsh' | 'p2tr' | 'p2sh32'; readonly hash: Uint8Array }
  | { readonly kind: 'witness'; readonly version: number; readonly hash: Uint8Array };

const base58check = createBase58check((data: Uint8Array) => sha256Bytes(data));

/** Longest text that is looked at: BIP-173 allows 90 characters, a 64-byte cashaddr needs 112 and its prefix. */
const MAX_TEXT = 140;

/** Decodes an address with its checksum for the network with these params; other networks' addresses are errors. */
export function decodeAddress(text: string, params: BitcoinParams): Result<Destination> {
  if (text !== text.trim()) return err(`address ${quote(text)} has blanks around it`);
  if (text === '' || text.length > MAX_TEXT) return err(`address ${quote(text)} is not an address`);
  const lower = text.toLowerCase();
  if (params.bech32 !== null && lower.startsWith(`${params.bech32}1`)) {
    // Qtum's base58 addresses start with Q, its segwit ones with qc1: `Qc1…` may be either, and each has its own checksum.
    const legacy = decodeBase58(text, params);
    return legacy.ok ? legacy : decodeSegwit(text, params);
  }
  if (lower.includes(':') || looksLikeCashaddr(lower)) {
    return params.cashaddr === null
      ? err(`address ${quote(text)} is a cashaddr, which this chain does not use`)
      : decodeCash(text, params.cashaddr);
  }
  return decodeBase58(text, params);
}

/** 42 characters for 20 bytes, 61 for 32; no base58 address of this family is longer than 35. */
const looksLikeCashaddr = (lower: string): boolean => /^[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{42,112}$/.test(lower);

function decodeBase58(text: string, params: BitcoinParams): Result<Destination> {
  let payload: Uint8Array;
  try {
    payload = base58check.decode(text);
  } catch {
    return err(`address ${quote(text)} does not decode: wrong characters or checksum`);
  }
  const version = payload.subarray(0, params.p2pkh.length);
  const hash = payload.slice(params.p2pkh.length);
  if (hash.length !== 20) return err(`address ${quote(text)} is not of this chain: ${payload.length} bytes`);
  if (sameBytes(version, params.p2pkh)) return ok({ kind: 'p2pkh', hash });
  if (params.p2sh.some((candidate) => sameBytes(version, candidate))) return ok({ kind: 'p2sh', hash });
  return err(`address ${quote(text)} is not of this chain: version ${hex.encode(version)}`);
}

/** BIP-173 for witness version 0, BIP-350 (bech32m) for the others. */
function decodeSegwit(text: string, params: BitcoinParams): Result<Destination> {
  const coder = bech32.decodeUnsafe(text, 90) ? bech32 : bech32m;
  const decoded = coder.decodeUnsafe(text, 90);
  if (!decoded) return err(`address ${quote(text)} does not decode: wrong characters, case or checksum`);
  const version = decoded.words[0];
  const program = coder.fromWordsUnsafe(decoded.words.slice(1));
  if (version === undefined || version > 16 || !program || program.length < 2 || program.length > 40) {
    return err(`address ${quote(text)} holds no valid witness program (BIP-141)`);
  }
  if ((version === 0) !== (coder === bech32)) {
    return err(`address ${quote(text)} has the checksum of another witness version (BIP-350)`);
  }
  const hash = Uint8Array.from(program);
  if (version === 0) {
    if (hash.length === 20) return ok({ kind: 'p2wpkh', hash });
    if (hash.length === 32) return ok({ kind: 'p2wsh', hash });
    return err(`address ${quote(text)} has a version 0 program of ${hash.length} bytes (BIP-141)`);
  }
  if (!params.taproot) return err(`address ${quote(text)} has a witness version that this chain does not have`);
  return ok(version === 1 && hash.length === 32 ? { kind: 'p2tr', hash } : { kind: 'witness', version, hash });
}

function decodeCash(text: string, prefix: string): Result<Destination> {
  const decoded = decodeCashaddr(text, prefix);
  if (!decoded.ok) return err(`address ${decoded.error}`);
  const { type, hash } = decoded.value;
  if ((type === 0 || type === 2) && hash.length === 20) return ok({ kind: 'p2pkh', hash });
  if ((type === 1 || type === 3) && hash.length === 20) return ok({ kind: 'p2sh', hash });
  if ((type === 1 || type === 3) && hash.length === 32) return ok({ kind: 'p2sh32', hash });
  return err(`address ${quote(text)} is a cashaddr of an unknown type ${type}`);
}

/** The canonical spelling: cashaddr with prefix where the chain has it, the first P2SH version, lower-case bech32. */
export function encodeAddress(destination: Destination, params: BitcoinParams): Address {
  const { kind, hash } = destination;
  if (params.cashaddr !== null && (kind === 'p2pkh' || kind === 'p2sh' || kind === 'p2sh32')) {
    return encodeCashaddr(params.cashaddr, { type: kind === 'p2pkh' ? 0 : 1, hash }) as Address;
  }
  if (kind === 'p2pkh') return base58check.encode(Uint8Array.of(...params.p2pkh, ...hash)) as Address;
  if (kind === 'p2sh') return base58check.encode(Uint8Array.of(...(params.p2sh[0] ?? []), ...hash)) as Address;
  if (params.bech32 === null || kind === 'p2sh32') throw new RangeError(`this chain has no address for ${kind}`);
  const version = witnessVersion(destination);
  const coder = version === 0 ? bech32 : bech32m;
  return coder.encode(params.bech32, [version, ...coder.toWords(hash)], 90) as Address;
}

const witnessVersion = (destination: Destination): number =>
  destination.kind === 'witness' ? destination.version : destination.kind === 'p2tr' ? 1 : 0;

/** The scriptPubKey that pays the destination, in bytes. */
export function scriptPubKey(destination: Destination): Uint8Array {
  const { kind, hash } = destination;
  if (kind === 'p2pkh') return Uint8Array.of(0x76, 0xa9, 0x14, ...hash, 0x88, 0xac);
  if (kind === 'p2sh') return Uint8Array.of(0xa9, 0x14, ...hash, 0x87);
  if (kind === 'p2sh32') return Uint8Array.of(0xaa, 0x20, ...hash, 0x87);
  const version = witnessVersion(destination);
  return Uint8Array.of(version === 0 ? 0 : 0x50 + version, hash.length, ...hash);
}
