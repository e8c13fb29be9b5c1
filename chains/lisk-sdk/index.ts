import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeLiskAddress, lisk32Of } from './address.ts';

/** Klayr took over the accounts of the Lisk chain: the same 20 bytes are printed with kly or lsk in front. */
const PREFIXES = ['kly', 'lsk'] as const;

/** Klayr and the Lisk chain before it: an address is a hash of its key. */
export const family: ChainFamily = ed25519Family('lisk-sdk', 'lisk', {
  decode: (text) => decodeLiskAddress(text, PREFIXES),
  addressOf: (key) => lisk32Of(key, PREFIXES[0]),
  formats: [OKX_FORMAT],
});
