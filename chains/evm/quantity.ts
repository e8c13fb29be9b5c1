import type { Json } from '../../src/lib/json.ts';

const QUANTITY = /^0x(0|[1-9a-f][0-9a-f]{0,63})$/;
const WORD = /^0x[0-9a-f]{64}$/;
const DATA = /^0x([0-9a-f]{2})*$/;

/**
 * A JSON-RPC QUANTITY (Ethereum JSON-RPC, «hex value encoding») exactly: `0x0` or `0x` and digits without a leading zero, at most
 * 2^256 - 1. Null for everything else: null, "", "0x", "0x00", upper case, a JSON number.
 */
export const parseQuantity = (value: Json | undefined): bigint | null =>
  typeof value === 'string' && QUANTITY.test(value) ? BigInt(value) : null;

/** DATA of exactly 32 bytes as a number (an ABI word), or null. */
export const parseWord = (value: Json | undefined): bigint | null =>
  typeof value === 'string' && WORD.test(value) ? BigInt(value) : null;

/** A 32-byte hash in lower-case hex, or null. */
export const parseHash = (value: Json | undefined): string | null =>
  typeof value === 'string' && WORD.test(value) ? value : null;

/** DATA of any length in lower-case hex, or null. */
export const parseData = (value: Json | undefined): string | null =>
  typeof value === 'string' && DATA.test(value) ? value : null;

/** A height as a QUANTITY. */
export const toQuantity = (value: bigint): string => `0x${value.toString(16)}`;
