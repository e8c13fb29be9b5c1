import { hex } from '@scure/base';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';
import type { Destination } from './address.ts';
import { derivePublicKey } from './extended-key.ts';
import { hash160, sameBytes } from './hash.ts';

/** What an output descriptor without wildcards says. */
export interface Descriptor {
  /** Whether it describes what pays that address. */
  pays(destination: Destination): boolean;
  /** Signatures that it demands, and the extended keys that it prints, as printed. */
  readonly threshold: number;
  readonly extendedKeys: readonly string[];
}

/** Why a descriptor gives nothing: it is none or contradicts itself, or it is of a kind that is not evaluated. */
export interface DescriptorFault {
  readonly kind: 'invalid' | 'undecided';
  readonly reason: string;
}

const bad = (reason: string): Result<never, DescriptorFault> => err({ kind: 'invalid', reason });
const unknown = (reason: string): Result<never, DescriptorFault> => err({ kind: 'undecided', reason });

/**
 * Reads `wpkh`, `sh(wpkh)`, and `multi` or `sortedmulti` in `sh`, `wsh` or `sh(wsh)` (BIP-380 to 383), of extended keys along
 * unhardened paths or of plain public keys. The checksum behind `#` is dropped: the address is compared. Never throws.
 */
export function readDescriptor(text: string): Result<Descriptor, DescriptorFault> {
  const found =
    /^((?:sh|wsh|wpkh)\()((?:wsh|wpkh)\()?(?:(multi|sortedmulti)\((\d{1,2}),)?([^()]*)(\)+)(?:#[a-z0-9]{8})?$/.exec(
      text,
    );
  if (!found) return unknown('the descriptor is of a kind that is not evaluated');
  const [, outer, inner = '', multi, threshold, keyTexts, closers] = found as unknown as string[];
  const wrappers = `${outer}${inner}`;
  const isMulti = multi !== undefined;
  const depth = (wrappers.match(/\(/g) ?? []).length + (isMulti ? 1 : 0);
  if (closers?.length !== depth || !(isMulti ? SCRIPTS : SINGLE).includes(wrappers)) {
    return unknown('the descriptor is of a kind that is not evaluated');
  }
  const keys: Uint8Array[] = [];
  const extendedKeys: string[] = [];
  for (const keyText of (keyTexts ?? '').split(',')) {
    const key = readKey(keyText);
    if (!key.ok) return key;
    keys.push(key.value.key);
    if (key.value.extended !== null) extendedKeys.push(key.value.extended);
  }
  if (!isMulti) {
    if (keys.length !== 1) return bad('the descriptor needs one key');
    const program = Uint8Array.of(0x00, 0x14, ...hash160(keys[0] as Uint8Array));
    return ok({ pays: (to) => paysProgram(to, program, wrappers.startsWith('sh')), threshold: 1, extendedKeys });
  }
  const m = Number(threshold);
  if (m < 1 || m > keys.length || keys.length > 16)
    return bad(`the descriptor demands ${m} of ${keys.length} signatures`);
  const ordered = multi === 'sortedmulti' ? keys.toSorted(Buffer.compare) : keys;
  const script = Uint8Array.of(0x50 + m, ...ordered.flatMap((key) => [key.length, ...key]), 0x50 + keys.length, 0xae);
  const program = Uint8Array.of(0x00, 0x20, ...sha256Bytes(script));
  const pays = (to: Destination): boolean =>
    wrappers === 'sh('
      ? to.kind === 'p2sh' && sameBytes(to.hash, hash160(script))
      : paysProgram(to, program, wrappers.startsWith('sh'));
  return ok({ pays, threshold: m, extendedKeys });
}

const SINGLE = ['wpkh(', 'sh(wpkh('];
const SCRIPTS = ['sh(', 'wsh(', 'sh(wsh('];

/** Whether the address pays a version 0 program, itself or inside P2SH (BIP-141). */
function paysProgram({ kind, hash }: Destination, program: Uint8Array, nested: boolean): boolean {
  if (nested) return kind === 'p2sh' && sameBytes(hash, hash160(program));
  return kind === (program.length === 22 ? 'p2wpkh' : 'p2wsh') && sameBytes(hash, program.subarray(2));
}

interface Key {
  readonly key: Uint8Array;
  readonly extended: string | null;
}

const KEY =
  /^(?:\[[0-9a-fA-F]{8}(?:\/\d{1,10}['hH]?)*\])?(?:(0[23][0-9a-f]{64})|([xt]pub[1-9A-HJ-NP-Za-km-z]{1,120})((?:\/\d{1,10})*)(\/.*)?)$/;

function readKey(text: string): Result<Key, DescriptorFault> {
  const [, plain, extended, path, rest] = KEY.exec(text) ?? [];
  if (plain !== undefined) return ok({ key: hex.decode(plain), extended: null });
  if (extended === undefined)
    return bad('the descriptor holds what is neither an extended nor a compressed public key');
  if (rest !== undefined) return unknown('the descriptor holds a path with a wildcard or a hardened step');
  const indexes = (path ?? '').split('/').slice(1).map(Number);
  if (indexes.some((index) => index >= 0x80000000)) return bad('a path in the descriptor goes beyond 2^31 - 1');
  const key = derivePublicKey(extended, indexes);
  return key.ok ? ok({ key: key.value, extended }) : bad(key.error);
}
