import { computeHashOnElements, keccak, verify } from '@scure/starknet';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { fitsOnce } from '../../src/lib/curve-work.ts';
import { keepResults } from '../../src/lib/kept-results.ts';
import { trace } from '../../src/lib/trace.ts';

/** The field's prime (StarkWare, "STARK curve"). */
const PRIME = 2n ** 251n + 17n * 2n ** 192n + 1n;

/**
 * A text as one field element, as SNIP-12 revision 0 encodes it: decimal digits and `0x` hex are the number itself, anything else is a
 * short string of at most 31 ASCII characters, big-endian. An error says why it has no element.
 */
export function encodeFelt(text: string): Result<bigint> {
  if (/^(\d+|0x[0-9a-fA-F]+)$/.test(text)) {
    const number = text.length <= 80 ? BigInt(text) : PRIME;
    return number < PRIME ? ok(number) : err('its number exceeds the field');
  }
  if (text.length > 31) return err(`it has ${text.length} characters, a short string has 31 at most`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the rule
  if (!/^[\x00-\x7f]+$/.test(text)) return err('it is empty or not ASCII');
  return ok(BigInt(`0x${Buffer.from(text, 'latin1').toString('hex')}`));
}

const shortString = (text: string): bigint => BigInt(`0x${Buffer.from(text, 'latin1').toString('hex')}`);
const bytesOf = (element: bigint): Buffer => Buffer.from(element.toString(16).padStart(64, '0'), 'hex');

function typeHash(type: string): bigint {
  const hashed = keccak(Buffer.from(type, 'utf8'));
  trace?.hash('starknet_keccak (Keccak-256, its top 6 bits cleared)', type, bytesOf(hashed));
  return hashed;
}

/** Pedersen hashes of the elements in a chain from zero, their count last (SNIP-12 revision 0, `h`). */
function hash(...elements: readonly bigint[]): bigint {
  const hashed = BigInt(computeHashOnElements([...elements]) as string);
  trace?.hash('Pedersen chain of 32-byte elements', Buffer.concat(elements.map(bytesOf)), bytesOf(hashed));
  return hashed;
}

/** The one domain of OKX's reports, on Starknet's main network. */
const hashDomain = (): bigint =>
  hash(
    typeHash('StarkNetDomain(name:felt,version:felt,chainId:felt)'),
    shortString('OKX POR MESSAGE'),
    1n,
    shortString('SN_MAIN'),
  );
const hashMessageType = (): bigint => typeHash('Message(contents:felt)');
const DOMAIN = hashDomain();
const MESSAGE_TYPE = hashMessageType();

/** The hash that the account signs (SNIP-12 revision 0, Pedersen): prefix, domain, account, and the message of one field. */
export const typedDataHash = (account: bigint, contents: bigint): bigint =>
  keptHashes(`${account} ${contents}`, () =>
    trace === null
      ? hash(shortString('StarkNet Message'), DOMAIN, account, hash(MESSAGE_TYPE, contents))
      : hash(shortString('StarkNet Message'), hashDomain(), account, hash(hashMessageType(), contents)),
  );

/** An account is listed once an asset with one and the same signature. */
const keptHashes = keepResults<bigint>(4096);

/** Whether 64 bytes r, s are a signature of the hash by the key of that x coordinate (32 bytes): either y may be the key's. */
export function verifyStark(x: Uint8Array, message: bigint, signature: Uint8Array): boolean {
  const digest = message.toString(16).padStart(64, '0');
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const holds = fitsOnce('starknet', [x, Buffer.from(digest, 'hex'), signature], () =>
    ['02', '03'].some((parity) => {
      try {
        return verify(hex(signature), digest, parity + hex(x), { format: 'compact' });
      } catch {
        return false;
      }
    }),
  );
  trace?.verify(
    'ECDSA over the STARK curve, r ‖ s, key by its x, either y',
    x,
    Buffer.from(digest, 'hex'),
    signature,
    holds,
  );
  return holds;
}
