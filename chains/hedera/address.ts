import { ok, type Result } from '../../src/domain/result.ts';
import { notAnAddress } from '../../src/lib/decode-text.ts';
import type { KeyedAddress } from '../../src/lib/ed25519-chain.ts';

/** shard.realm.number without leading zeros, and HIP-15's checksum where it is printed. */
const ACCOUNT = /^((?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,18}))(?:-([a-z]{5}))?$/;

/** The EVM's spelling of an account: 12 zero bytes and its number, or an alias of 20 bytes. */
const EVM = /^0x(?:0{24}([0-9a-fA-F]{16})|[0-9a-fA-F]{40})$/;

/** Reads a Hedera account id, or its EVM spelling; the canonical one has no checksum. The keys of an account stand on chain only. */
export function decodeHederaAccount(text: string): Result<KeyedAddress> {
  const evm = EVM.exec(text);
  if (evm) return ok(named(evm[1] === undefined ? text.toLowerCase() : `0.0.${BigInt(`0x${evm[1]}`)}`));
  const [, account, checksum] = ACCOUNT.exec(text) ?? [];
  if (account === undefined)
    return notAnAddress('Hedera', text, 'is not an account id such as 0.0.123 or 0.0.123-vfmkw');
  if (checksum !== undefined && checksum !== hip15Checksum(account)) {
    return notAnAddress('Hedera', text, 'has a wrong checksum for the main network (HIP-15)');
  }
  return ok(named(account));
}

const named = (canonical: string): KeyedAddress => ({
  kind: 'open',
  canonical,
  isOf: () => false,
  reason:
    "an account id names no key: the account's key stands on chain only (mirror node); the key is the one in the row",
});

/** HIP-15: five letters from the digits of the id (the dot counts ten) and the ledger id, 00 for the main network. */
export function hip15Checksum(account: string): string {
  const p3 = 26 ** 3;
  const p5 = 26 ** 5;
  const digits = [...account].map((digit) => (digit === '.' ? 10 : Number.parseInt(digit, 10)));
  const weighted = digits.reduce((sum, digit) => (sum * 31 + digit) % p3, 0);
  const alternate = (odd: number): number =>
    digits.reduce((sum, digit, at) => (at % 2 === odd ? (sum + digit) % 11 : sum), 0);
  // One byte of ledger id and six of zeros all leave this sum at zero on the main network.
  const ledger = 0;
  const mixed = ((((account.length % 5) * 11 + alternate(0)) * 11 + alternate(1)) * p3 + weighted + ledger) % p5;
  let rest = (BigInt(mixed) * 1_000_003n) % BigInt(p5);
  let text = '';
  for (let at = 0; at < 5; at += 1) {
    text = String.fromCharCode(97 + Number.parseInt((rest % 26n).toString(), 10)) + text;
    rest /= 26n;
  }
  return text;
}
