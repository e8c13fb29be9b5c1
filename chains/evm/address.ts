import { base32nopad, bech32 } from '@scure/base';
import { type Address, quote } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { blake2b } from '../../src/lib/digests.ts';
import { parseEthAddress } from '../../src/lib/eth-address.ts';
import { trace } from '../../src/lib/trace.ts';
import { evmParams } from './params.ts';

/**
 * Reads an address of this network and returns `0x` and 40 lower-case digits, the key under which it is kept. Mixed case must
 * carry the right EIP-55 checksum; all lower or all upper digits carry none and pass. `0X` is another spelling of `0x`, as
 * spreadsheets write it and go-ethereum (IsHexAddress) reads it: the verdict flags it. Networks whose params say so also take
 * Filecoin's `f410f…` (FRC-0055) and bech32 of the 20 bytes (BIP-173).
 */
export function parseEvmAddress(text: string, network: Network): Result<Address> {
  if (text.startsWith('0x')) return parseEthAddress(text) as Result<Address>;
  if (hasOddPrefix(text)) return parseEthAddress(`0x${text.slice(2)}`) as Result<Address>;
  const params = evmParams(network);
  if (!params.ok) return params;
  if (params.value.f410 && text.startsWith('f410f')) return parseF410(text);
  if (params.value.bech32 !== null && text.toLowerCase().startsWith(`${params.value.bech32}1`)) {
    return parseBech32(text, params.value.bech32);
  }
  const forms = ['0x and 40 hex digits'];
  if (params.value.f410) forms.push('f410f…');
  if (params.value.bech32 !== null) forms.push(`${params.value.bech32}1…`);
  return err(`address ${quote(text)} must be ${forms.join(' or ')}; copy it again`);
}

/** Whether an address is spelled with `0X`. */
export const hasOddPrefix = (text: string): boolean => text.startsWith('0X');

/** Protocol 4, namespace 10 (FRC-0055: the Ethereum address manager), as the checksum covers it. */
const F410_PREFIX = [4, 10];

function parseF410(text: string): Result<Address> {
  const wrong = (why: string) => err(`address ${quote(text)} ${why}; copy it again`);
  const digits = text.slice(5);
  if (!/^[a-z2-7]{39}$/.test(digits)) return wrong('must be f410f and 39 characters of a-z, 2-7');
  try {
    const bytes = base32nopad.decode(digits.toUpperCase());
    const checksum = blake2b(Uint8Array.from([...F410_PREFIX, ...bytes.subarray(0, 20)]), 4);
    if (Buffer.compare(checksum, bytes.subarray(20)) !== 0) return wrong('fails its checksum');
    trace?.read('address by FRC-0055', { form: 'f410f', bytes: bytes.subarray(0, 20), checksum: bytes.subarray(20) });
    return ok(hexAddress(bytes.subarray(0, 20)));
  } catch {
    return wrong('has bits set after its last byte');
  }
}

function parseBech32(text: string, prefix: string): Result<Address> {
  const wrong = (why: string) => err(`address ${quote(text)} ${why}; copy it again`);
  const decoded = bech32.decodeUnsafe(text, 90);
  if (!decoded || decoded.prefix !== prefix)
    return wrong(`is not bech32 with the prefix ${prefix} and a right checksum`);
  const bytes = bech32.fromWordsUnsafe(decoded.words);
  if (bytes?.length !== 20) return wrong('does not decode to 20 bytes');
  trace?.read('address in bech32', { prefix, bytes, checksum: 'right' });
  return ok(hexAddress(bytes));
}

const hexAddress = (bytes: Uint8Array): Address => `0x${Buffer.from(bytes).toString('hex')}` as Address;
