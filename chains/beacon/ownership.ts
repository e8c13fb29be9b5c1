import { ok } from '../../src/domain/result.ts';
import type { AccountRules, SignatureCheck } from '../../src/lib/account-rows.ts';
import { checkRecovered, type RecoveryRules } from '../../src/lib/check-recovered.ts';
import { parseEthAddress } from '../../src/lib/eth-address.ts';
import { ethMessageDigest } from '../../src/lib/eth-message.ts';
import { ethereumAccount } from '../../src/lib/key-hashes.ts';
import { nearbyTexts } from '../../src/lib/nearby-texts.ts';
import { parseHexBytes } from '../../src/lib/recoverable-signature.ts';
import { trace } from '../../src/lib/trace.ts';
import { parseValidatorKey, verifyBls } from './validator-key.ts';

/** Owners of validators are Ethereum accounts. */
const ownerRecovery: RecoveryRules = {
  variants: [
    { scheme: 'evm-digest32', variant: 'digest32', digest: (message) => ethMessageDigest(message, 'digest32') },
    { scheme: 'evm-text', variant: null, digest: (message) => ethMessageDigest(message, 'text') },
    { scheme: 'evm-raw-keccak', variant: 'raw-keccak', digest: (message) => ethMessageDigest(message, 'raw-keccak') },
  ],
  addresses: (key) => [`0x${Buffer.from(ethereumAccount(key)).toString('hex')}`],
};

/**
 * Rows of the beacon chain. The address is the validator's key itself, so its signature is `address-bound`; with owner columns an Ethereum
 * account signs for it (`owner-bound`: that the withdrawal credentials name it is not read here).
 */
export const beaconRules: AccountRules = {
  parseAccount(text) {
    const key = parseValidatorKey(text);
    return key.ok ? ok({ canonical: key.value, derived: true, otherKeys: null }) : key;
  },
  parseOwner(text) {
    const owner = parseEthAddress(text);
    return owner.ok ? ok({ canonical: owner.value, derived: true, otherKeys: null }) : owner;
  },
  parseKey: parseValidatorKey,
  check(signature, message, account, key) {
    if (account.canonical.length === 42) return checkRecovered(ownerRecovery, signature, message, account, null);
    return key !== null && key !== account.canonical
      ? { shows: 'nothing', reason: 'cannot count: the public key column is another key than the address' }
      : checkValidator(signature, message, account.canonical);
  },
};

function checkValidator(text: string, message: string, key: string): SignatureCheck {
  const nothing = (reason: string): SignatureCheck => ({ shows: 'nothing', reason });
  const signature = parseHexBytes(text);
  if (!signature.ok) return nothing(`cannot be read: ${signature.error}`);
  const bytes = signature.value;
  if (bytes.length !== 96) return nothing(`has ${bytes.length} bytes, 96 are needed of a validator`);
  trace?.read('signature: 96 bytes in hex', { point: bytes });
  const fits = (said: string): boolean => verifyBls(key, ethMessageDigest(said, 'digest32'), bytes);
  trace?.attempt('bls12-381: personal_sign of the 32 bytes Keccak-256(message)');
  if (fits(message)) return { shows: 'account', scheme: 'bls12-381', flags: ['message-variant:digest32'] };
  const near = nearbyTexts(message).find(({ what, text: other }) => {
    trace?.attempt(what, false);
    return fits(other);
  });
  return nothing(`was not made by the validator for this message${near ? `; it would fit ${near.what}` : ''}`);
}
