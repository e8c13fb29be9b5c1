import { type EthMessageVariant, ethMessageDigest } from '../../src/lib/eth-message.ts';
import { okxEnvelopeDigest } from '../../src/lib/okx-envelope.ts';
import { trace } from '../../src/lib/trace.ts';

/** The hashes of a message that accounts of every EVM chain sign, in the one order in which they are tried. */
export const VARIANTS: readonly Variant[] = ['digest32', 'text', 'raw-keccak'];
/** The same with OKX's envelope, which it uses on the chains whose params say so. */
export const VARIANTS_WITH_ENVELOPE: readonly Variant[] = ['okx-envelope', ...VARIANTS];
export type Variant = EthMessageVariant | 'okx-envelope';

/** The 32 bytes that a variant signs. */
export const messageDigest = (message: string, variant: Variant): Uint8Array =>
  variant === 'okx-envelope' ? okxEnvelopeDigest(message) : ethMessageDigest(message, variant);

/** The digests of one message, each made when first asked, and the variant that fitted last. */
export interface MessageDigests {
  readonly of: (variant: Variant) => Uint8Array;
  /** Tried first next time: a file keeps to one variant, and order cannot change the outcome. */
  last: Variant;
}

const KEPT_MESSAGES = 256;
const kept = new Map<string, MessageDigests>();

/** The digests of a message, kept for the next row: a published file has a handful of distinct messages. */
export function messageDigests(message: string): MessageDigests {
  if (trace !== null) return { last: 'digest32', of: (variant) => messageDigest(message, variant) };
  let digests = kept.get(message);
  if (digests === undefined) {
    const made = new Map<Variant, Uint8Array>();
    digests = {
      last: 'digest32',
      of(variant) {
        const known = made.get(variant);
        if (known) return known;
        const digest = messageDigest(message, variant);
        made.set(variant, digest);
        return digest;
      },
    };
    if (kept.size >= KEPT_MESSAGES) kept.clear();
    kept.set(message, digests);
  }
  return digests;
}
