import type { Result } from '../domain/result.ts';

/** What a decoded address says of the Ed25519 keys that may sign for it. `canonical` is the spelling it is counted under. */
export type KeyedAddress =
  /** It spells the key out. */
  | { readonly kind: 'key'; readonly canonical: string; readonly key: Uint8Array }
  /** It is a hash that one key alone leads to. `otherwise`: how an honest row whose key does not would have to look. */
  | {
      readonly kind: 'hash';
      readonly canonical: string;
      readonly isOf: (key: Uint8Array) => boolean;
      readonly otherwise?: string;
    }
  /** A key may lead to it, and others may control it all the same, for the reason given. */
  | {
      readonly kind: 'open';
      readonly canonical: string;
      readonly isOf: (key: Uint8Array) => boolean;
      readonly reason: string;
    }
  /** No Ed25519 key can sign for it, for the reason given. */
  | { readonly kind: 'none'; readonly canonical: string; readonly reason: string };

/** One way of turning a row's message into the bytes that are signed; its scheme is `ed25519-<name>`. */
export interface SignedFormat {
  readonly name: string;
  /** What people call it, for a diagnosis. */
  readonly what: string;
  bytes(message: string): Uint8Array;
  /** The flag `message-variant:<flag>` where it is not what this chain's rows usually carry. */
  readonly flag?: string;
}

/** A signature cell, read. `key`: the one that the cell itself carries, if its form does. */
export type SignatureCell =
  | { readonly kind: 'signature'; readonly bytes: Uint8Array; readonly key: Uint8Array | null }
  /** Well-formed, but of a scheme that is not verified here. */
  | { readonly kind: 'unsupported'; readonly reason: string }
  | { readonly kind: 'malformed'; readonly reason: string };

/** What one chain's rows are made of. */
export interface Ed25519Chain {
  decode(text: string): Result<KeyedAddress>;
  /** The usual address of a key, to say whose key a row carries; null where there is none. */
  addressOf(key: Uint8Array): string | null;
  /** In the order tried where the row has no key column; with one, OKX's envelope comes first. */
  readonly formats: readonly SignedFormat[];
  /** Where the chain's wallets have a form of their own; else 64 bytes in hex, base64 or base58. */
  readonly readSignature?: (text: string) => SignatureCell;
  /** Of a signature that fits nothing: why it is of another scheme by its own marks; null where it is not. */
  readonly otherScheme?: (signature: Uint8Array) => string | null;
}
