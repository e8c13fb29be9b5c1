import { keccak256 } from '../../src/lib/keccak.ts';
import { recoverPublicKey } from '../../src/lib/secp256k1.ts';
import { messageDigest, messageDigests, okxEnvelopeDigest, VARIANTS, type Variant } from './message-digests.ts';
import type { EvmSignature } from './signature.ts';

/** How a signature fits its signer. */
export interface Fit {
  readonly variant: Variant;
  readonly canonical: boolean;
}

/** The variant under which the signature of the message comes from the account (canonical hex address), or null. */
export function fitSigner(signature: EvmSignature, message: string, signer: string): Fit | null {
  const digests = messageDigests(message);
  const wanted = Buffer.from(signer.slice(2), 'hex');
  for (const variant of [digests.last, ...VARIANTS]) {
    if (isSigner(signature, digests.of(variant), wanted)) {
      digests.last = variant;
      return { variant, canonical: signature.canonical };
    }
  }
  return null;
}

/** The account is the last 20 bytes of the hash of the key (Ethereum yellow paper, appendix F). */
function isSigner({ rs, recoveryId }: EvmSignature, digest: Uint8Array, wanted: Uint8Array): boolean {
  const key = recoverPublicKey(digest, rs, recoveryId);
  return key !== null && Buffer.compare(keccak256(key.subarray(1)).subarray(12), wanted) === 0;
}

/** What would have fitted: another spelling of the message, or OKX's envelope of it. Told, never accepted. */
export type Nearby = { readonly kind: 'message'; readonly what: string } | { readonly kind: 'okx-envelope' };

/** Looks, for a signature that does not fit, at slips that change a message on its way; null when none explains it. */
export function nearbyMessage(signature: EvmSignature, message: string, signer: string): Nearby | null {
  const wanted = Buffer.from(signer.slice(2), 'hex');
  if (isSigner(signature, okxEnvelopeDigest(message), wanted)) return { kind: 'okx-envelope' };
  const tried = new Set([message]);
  for (const [what, text] of spellings(message)) {
    if (tried.has(text)) continue;
    tried.add(text);
    if (VARIANTS.some((variant) => isSigner(signature, messageDigest(text, variant), wanted))) {
      return { kind: 'message', what };
    }
  }
  return null;
}

const spellings = (message: string): readonly (readonly [string, string])[] => [
  ['the message without the blanks around it', message.trim()],
  ['the message with a line end after it', `${message}\n`],
  ['the message with LF line ends', message.replaceAll('\r\n', '\n')],
  ['the message with CRLF line ends', message.replaceAll(/\r?\n/g, '\r\n')],
  ['the message in Unicode form NFC', message.normalize('NFC')],
  ['the message in Unicode form NFD', message.normalize('NFD')],
];
