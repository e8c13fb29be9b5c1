import { ok, type Result } from '../../src/domain/result.ts';
import { notAnAddress } from '../../src/lib/decode-text.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';
import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';

/** Reads an IOST account: a name of 5 to 11 of a-z 0-9 _, to which the chain alone ties keys. */
function decodeIostAccount(text: string): Result<KeyedAddress> {
  if (!/^[a-z0-9_]{5,11}$/.test(text))
    return notAnAddress('IOST', text, 'is not an account name (5 to 11 of a-z 0-9 _)');
  const reason = 'a named account: which keys it has stands on chain only; the key is the one in the row';
  return ok({ kind: 'open', canonical: text, isOf: () => false, reason });
}

/** IOST: accounts are names. */
export const family: ChainFamily = ed25519Family('iost', 'iost', {
  decode: decodeIostAccount,
  addressOf: () => null,
  formats: [OKX_FORMAT],
});
