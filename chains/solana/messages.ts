import { sha256Bytes } from '../../src/lib/hash.ts';

/** One way of turning a row's message into the bytes that are signed. */
export interface MessageVariant {
  /** `raw`: wallets and HTX; `okx`: OKX's envelope; the scheme is `ed25519-<name>`. */
  readonly name: 'raw' | 'okx';
  readonly bytes: Uint8Array;
}

/** OKX proof-of-reserves, common/crypto.go: 20 bytes, written with their length before them. */
const OKX_HEADER = Buffer.from('OKX Signed Message:\n', 'utf8');

/** The variants that count, in the order tried: bare UTF-8, then CompactSize(20) ‖ header ‖ CompactSize(bytes) ‖ message. */
export function messageVariants(message: string): readonly MessageVariant[] {
  const raw = Buffer.from(message, 'utf8');
  const okx = Buffer.concat([compactSize(OKX_HEADER.length), OKX_HEADER, compactSize(raw.length), raw]);
  return [
    { name: 'raw', bytes: raw },
    { name: 'okx', bytes: okx },
  ];
}

/** Whether the text is well-formed Unicode: a lone surrogate has no UTF-8, and Node would sign U+FFFD in its place. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** Texts that a slip of the pen makes of the message, and bytes that another tool would sign: for a diagnosis only. */
export function nearbyMessages(message: string): readonly { readonly what: string; readonly bytes: Uint8Array }[] {
  const texts = [
    { what: 'the message without blanks around it', text: message.trim() },
    { what: 'the message and a line end', text: `${message}\n` },
    { what: 'the message with other line ends', text: swapLineEnds(message) },
    { what: 'the message in Unicode form NFC', text: message.normalize('NFC') },
    { what: 'the message in Unicode form NFD', text: message.normalize('NFD') },
  ].filter(({ text }) => text !== message);
  const bytes = [{ what: 'the SHA-256 of the message', bytes: sha256Bytes(Buffer.from(message, 'utf8')) }];
  const hex = /^(?:0x)?((?:[0-9a-fA-F]{2})+)$/.exec(message)?.[1];
  if (hex !== undefined)
    bytes.push({ what: 'the bytes that the message spells in hex', bytes: Buffer.from(hex, 'hex') });
  return [...texts.flatMap(({ what, text }) => messageVariants(text).map((v) => ({ what, bytes: v.bytes }))), ...bytes];
}

const swapLineEnds = (text: string): string =>
  text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\n', '\r\n');

/** Bitcoin's CompactSize: one byte below 253, else a marker and 2 or 4 bytes little-endian. */
function compactSize(length: number): Buffer {
  if (length < 253) return Buffer.from([length]);
  const bytes = Buffer.alloc(length <= 0xffff ? 3 : 5);
  if (length <= 0xffff) {
    bytes[0] = 253;
    bytes.writeUInt16LE(length, 1);
  } else {
    bytes[0] = 254;
    bytes.writeUInt32LE(length, 1);
  }
  return bytes;
}
