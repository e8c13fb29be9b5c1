import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { AccountRules, SignatureCheck } from '../../src/lib/account-rows.ts';
import { nearbyTexts } from '../../src/lib/nearby-texts.ts';
import { trace } from '../../src/lib/trace.ts';
import { encodeFelt, typedDataHash, verifyStark } from './typed-data.ts';

/** 2^251 − 256: contract addresses lie below (Starknet OS, "Contract address"). */
const MAX_ADDRESS = 2n ** 251n - 256n;
const NOT_READ = 'that the account contract obeys that key was not read on chain';

/**
 * Rows of Starknet: the key of the public key column (x only) signs typed data that names the account. The account is a contract that is not
 * derived from its key, so such a row is `key-only`.
 */
export const starknetRules: AccountRules = {
  parseAccount(text) {
    const wrong = (why: string) => err(`Starknet address ${quote(text)} ${why}; copy it again`);
    if (!/^0x[0-9a-fA-F]{1,64}$/.test(text)) return wrong('must be 0x and up to 64 hex digits');
    const number = BigInt(text);
    if (number < 2n || number >= MAX_ADDRESS) return wrong('is out of range');
    return ok({ canonical: `0x${number.toString(16).padStart(64, '0')}`, derived: false, otherKeys: NOT_READ });
  },
  parseKey: (text) => {
    const x = parseNumber(text);
    return x === null ? err(`the public key column ${quote(text)} is not an x coordinate in hex`) : ok(x);
  },
  check(text, message, account, key): SignatureCheck {
    const hex = /^(?:0x)?([0-9a-fA-F]{128})$/.exec(text)?.[1];
    if (hex === undefined) return nothing('cannot be read: it must be r and s, 128 hex digits');
    if (key === null) {
      return { shows: 'unknown', scheme: SCHEME, reason: 'no public key is published to check signature1 with' };
    }
    const signature = Buffer.from(hex, 'hex');
    trace?.read('signature: r, s in hex', { r: hex.slice(0, 64), s: hex.slice(64) });
    const fits = (said: string): Result<boolean> => {
      const contents = encodeFelt(said);
      if (!contents.ok) return contents;
      return ok(
        verifyStark(Buffer.from(key, 'hex'), typedDataHash(BigInt(account.canonical), contents.value), signature),
      );
    };
    trace?.attempt(`${SCHEME}: SNIP-12 revision 0, domain OKX POR MESSAGE, 1, SN_MAIN`);
    const fit = fits(message);
    if (!fit.ok) return nothing(`cannot be of this message: ${fit.error}`);
    if (fit.value) return { shows: 'key', scheme: SCHEME, flags: [] };
    const near = nearbyTexts(message).find((each) => {
      trace?.attempt(each.what, false);
      const other = fits(each.text);
      return other.ok && other.value;
    });
    return nothing(
      `does not fit the key column for this account and message${near ? `; it would fit ${near.what}` : ''}`,
    );
  },
};

const SCHEME = 'starknet-typed-data';
const nothing = (reason: string): SignatureCheck => ({ shows: 'nothing', reason });

/** 64 hex digits of a number that is written with up to 64, with or without `0x`; null for anything else. */
const parseNumber = (text: string): string | null =>
  /^(?:0x)?([0-9a-fA-F]{1,64})$/.exec(text)?.[1]?.toLowerCase().padStart(64, '0') ?? null;
