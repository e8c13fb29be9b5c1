import { quote } from '../../src/domain/ids.ts';
import { ok, type Result } from '../../src/domain/result.ts';
import { crc16Xmodem } from '../../src/lib/crc16.ts';
import { notAnAddress, toHex } from '../../src/lib/decode-text.ts';

/** A standard internal address (addr_std): workchain and the 32-byte hash of the account's initial state. */
export interface TvmAddress {
  readonly workchain: number;
  readonly hash: Uint8Array;
}

const RAW = /^(-1|0):([0-9a-fA-F]{64})$/;
const FRIENDLY = /^(?:[A-Za-z0-9_-]{48}|[A-Za-z0-9+/]{48})$/;

/** TEP-2: first byte of the friendly form, bounceable and not; 0x80 on top means for test networks only. */
const BOUNCEABLE = 0x11;
const NON_BOUNCEABLE = 0x51;
const TEST_ONLY = 0x80;

/** Reads an address in raw form (`0:…`, hex of either case) or friendly form (48 digits of base64 or base64url with CRC-16, TEP-2). */
export function decodeTvmAddress(text: string): Result<TvmAddress> {
  const raw = RAW.exec(text);
  if (raw) return ok({ workchain: raw[1] === '0' ? 0 : -1, hash: Buffer.from(raw[2] as string, 'hex') });
  if (!FRIENDLY.test(text)) return notAnAddress('TVM', text, 'is neither workchain:hash nor 48 digits of base64');
  const bytes = Buffer.from(text, 'base64url');
  const [tag = 0, workchain = 0] = bytes;
  if (crc16Xmodem(bytes.subarray(0, 34)) !== bytes.readUInt16BE(34)) {
    return notAnAddress('TVM', text, 'has a wrong checksum (CRC-16)');
  }
  if (tag & TEST_ONLY) return notAnAddress('TVM', text, 'is marked for test networks only');
  if (tag !== BOUNCEABLE && tag !== NON_BOUNCEABLE) return notAnAddress('TVM', text, `has the unknown tag ${tag}`);
  if (workchain !== 0 && workchain !== 0xff)
    return notAnAddress('TVM', text, `is of workchain ${quote(`${workchain}`)}`);
  return ok({ workchain: workchain === 0 ? 0 : -1, hash: bytes.subarray(2, 34) });
}

/** The raw form in lower case: `0:` or `-1:` and 64 hex digits. */
export const rawForm = ({ workchain, hash }: TvmAddress): string => `${workchain}:${toHex(hash)}`;

/** The friendly form in base64url, bounceable (`EQ…`, `Ef…`). */
export function friendlyForm({ workchain, hash }: TvmAddress): string {
  const head = Uint8Array.of(BOUNCEABLE, workchain & 0xff, ...hash);
  const crc = crc16Xmodem(head);
  return Buffer.from([...head, crc >> 8, crc & 0xff]).toString('base64url');
}
