import { hex } from '@scure/base';
import { err, ok, type Result } from '../../src/domain/result.ts';

/** A bare multisig script: OP_m, n public keys, OP_n, OP_CHECKMULTISIG, nothing else. */
export interface MultisigScript {
  /** Signatures that the script demands. */
  readonly threshold: number;
  /** The keys as pushed: 33 bytes (02 or 03) or 65 bytes (04) each, in script order. */
  readonly keys: readonly Uint8Array[];
}

const OP_1 = 0x51;
const OP_16 = 0x60;
const OP_CHECKMULTISIG = 0xae;

/** Whether the bytes have the form of a public key (SEC 1 section 2.3.3); the curve equation is not checked. */
const isPublicKey = (bytes: Uint8Array): boolean =>
  (bytes.length === 33 && (bytes[0] === 2 || bytes[0] === 3)) || (bytes.length === 65 && bytes[0] === 4);

/** Reads a bare multisig script, every byte of it: m and n are its own, keys are pushed directly, n keys are there, m <= n. */
export function parseMultisig(script: Uint8Array): Result<MultisigScript> {
  const first = script[0] ?? 0;
  if (first < OP_1 || first > OP_16) return err('it does not begin with OP_1 to OP_16');
  const keys: Uint8Array[] = [];
  let at = 1;
  while (script[at] === 33 || script[at] === 65) {
    const length = script[at] as number;
    const key = script.slice(at + 1, at + 1 + length);
    if (!isPublicKey(key)) return err(`its push ${keys.length + 1} is not a public key`);
    keys.push(key);
    at += 1 + length;
  }
  const last = script[at] ?? 0;
  if (last < OP_1 || last > OP_16) return err('after its keys there is no OP_1 to OP_16');
  if (script[at + 1] !== OP_CHECKMULTISIG || script.length !== at + 2)
    return err('it does not end with OP_CHECKMULTISIG');
  const threshold = first - OP_1 + 1;
  const count = last - OP_1 + 1;
  if (count !== keys.length) return err(`it says ${count} keys and holds ${keys.length}`);
  if (threshold > count) return err(`it demands ${threshold} of ${count} signatures`);
  return ok({ threshold, keys });
}

/** What the script or key column of a row holds. */
export type ScriptCell =
  | { readonly kind: 'none' }
  | { readonly kind: 'public-key'; readonly key: Uint8Array }
  /** The scriptPubKey of an address: says nothing that the address does not say. */
  | { readonly kind: 'script-pubkey' }
  | { readonly kind: 'script'; readonly script: Uint8Array }
  | { readonly kind: 'unreadable' };

const SCRIPT_PUBKEY = /^(76a914[0-9a-f]{40}88ac|a914[0-9a-f]{40}87|0014[0-9a-f]{40}|(00|51)20[0-9a-f]{64})$/;

/** Tells a public key, a scriptPubKey and a redeem or witness script apart; hex, `0x` allowed. */
export function readScriptCell(text: string | null): ScriptCell {
  if (text === null) return { kind: 'none' };
  const digits = text.toLowerCase().replace(/^0x/, '');
  if (digits === '' || digits.length % 2 === 1 || !/^[0-9a-f]+$/.test(digits)) return { kind: 'unreadable' };
  if (SCRIPT_PUBKEY.test(digits)) return { kind: 'script-pubkey' };
  const bytes = hex.decode(digits);
  return isPublicKey(bytes) ? { kind: 'public-key', key: bytes } : { kind: 'script', script: bytes };
}
