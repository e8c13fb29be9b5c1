import type { Network } from './domain/network.ts';
import type { OwnershipProof, OwnershipVerdict } from './domain/ownership.ts';
import { withTrace } from './lib/trace.ts';
import type { ChainFamily } from './seams.ts';

/** Longer texts are no slip of the pen. */
const MAX_CHARACTERS = 4096;

/**
 * The family's verdict on a row; an invalid one also says which nearby spelling of its signatures, address or owners would have been
 * graded, unless the family found what would have fitted by itself. Nothing found here is accepted, and no trace shows the search.
 */
export function verifyRow(proof: OwnershipProof, network: Network, { ownership }: ChainFamily): OwnershipVerdict {
  const verdict = ownership.verify(proof, network);
  if (verdict.grade !== 'invalid' || verdict.reason?.includes('would fit')) return verdict;
  for (const [what, row] of nearbyRows(proof)) {
    const [{ grade }] = withTrace(() => ownership.verify(row, network));
    if (grade !== 'invalid' && grade !== 'undecided') {
      return { ...verdict, reason: `${verdict.reason}; ${what} it would be ${grade}` };
    }
  }
  return verdict;
}

/** A spelling that people meant while breaking a rule; the same text where it does not apply. */
type Respelling = readonly [what: string, respell: (text: string) => string];

const SIGNATURES: readonly Respelling[] = [
  ['without blanks in its signature', (text) => text.replaceAll(/\s+/g, '')],
  ['with a lower-case 0x', (text) => text.replace(/^0X/, '0x')],
  ['with 0x before its signature', (text) => text.replace(/^(?=[0-9a-fA-F]{130}$)/, '0x')],
  ['in the standard alphabet of base64 with exact padding', standardBase64],
  ['without what follows the 65 bytes of its signature', (text) => cutAfter(text, 65)],
  ['with the recovery byte 27', (text) => text.replace(HEX_OF_65, (_, rs: string) => `${rs}1b`)],
  ['with the recovery byte 28', (text) => text.replace(HEX_OF_65, (_, rs: string) => `${rs}1c`)],
  ['without what follows the 64 bytes of its signature', (text) => cutAfter(text, 64)],
  ['in hex in place of base64', (text) => hexOf(base64Bytes(text)) ?? text],
  ['in hex with its first byte last', (text) => hexOf(firstByteLast(base64Bytes(text))) ?? text],
  ['in base64 in place of hex', (text) => hexBytes(text)?.toString('base64') ?? text],
];

const ADDRESSES: readonly Respelling[] = [
  ['with 0x before its address', (text) => text.replace(/^(?=(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$)/, '0x')],
  [
    'without blanks around its address',
    (text) => text.replaceAll(/^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$/g, ''),
  ],
  ['with its address in lower case', (text) => text.toLowerCase()],
];

const HEX_OF_65 = /^((?:0x)?[0-9a-fA-F]{128})(?!00$|01$|1[bc]$)[0-9a-fA-F]{2}$/i;

/** The row in every nearby spelling that differs, each applied to all cells of its kind at once. */
function* nearbyRows(proof: OwnershipProof): Generator<readonly [string, OwnershipProof]> {
  const { addressText, owner1, owner2, signature1, signature2 } = proof;
  const cells = [addressText, owner1, owner2, signature1, signature2];
  if (cells.some((text) => (text?.length ?? 0) > MAX_CHARACTERS)) return;
  for (const [what, respell] of SIGNATURES) {
    const row = {
      ...proof,
      signature1: signature1 && respell(signature1),
      signature2: signature2 && respell(signature2),
    };
    if (row.signature1 !== signature1 || row.signature2 !== signature2) yield [what, row];
  }
  for (const [what, respell] of ADDRESSES) {
    const owners = { owner1: owner1 && respell(owner1), owner2: owner2 && respell(owner2) };
    const row = { ...proof, ...owners, addressText: respell(addressText) };
    if (row.addressText !== addressText || row.owner1 !== owner1 || row.owner2 !== owner2) yield [what, row];
  }
}

const HEX_DIGITS = /^(?:0x)?[0-9a-fA-F]+$/;
/** With the `smp` of BIP-322 before it or not. */
const BASE64 = /^(smp)?([A-Za-z0-9+/_-]+)=*$/;

function standardBase64(text: string): string {
  const [, prefix = '', digits] = HEX_DIGITS.test(text) ? [] : (BASE64.exec(text) ?? []);
  return digits === undefined ? text : prefix + Buffer.from(digits, 'base64').toString('base64');
}

const hexBytes = (text: string): Buffer | null =>
  /^(?:0x)?(?:[0-9a-fA-F]{2})+$/.test(text) ? Buffer.from(text.replace(/^0x/, ''), 'hex') : null;

const base64Bytes = (text: string): Buffer | null =>
  hexBytes(text) === null && BASE64.test(text) ? Buffer.from(text, 'base64') : null;

const hexOf = (bytes: Buffer | null): string | null => (bytes === null ? null : `0x${bytes.toString('hex')}`);

const firstByteLast = (bytes: Buffer | null): Buffer | null =>
  bytes === null ? null : Buffer.concat([bytes.subarray(1), bytes.subarray(0, 1)]);

/** The first bytes of hex (an odd digit counts as too many) or base64; the same text where it has no more. */
function cutAfter(text: string, bytes: number): string {
  const [, prefix = '', digits] = /^(0x)?([0-9a-fA-F]+)$/.exec(text) ?? [];
  if (digits !== undefined) return digits.length > bytes * 2 ? prefix + digits.slice(0, bytes * 2) : text;
  const decoded = base64Bytes(text);
  return decoded !== null && decoded.length > bytes ? decoded.subarray(0, bytes).toString('base64') : text;
}
