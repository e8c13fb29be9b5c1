import { hash } from 'node:crypto';
import type { TreeFormat } from '../tree.ts';

const HASH = 64;
const NODE = /^[0-9a-f]{64},(0|[1-9]\d{0,19})$/;
const U64 = 1n << 64n;
/** Up to 15 digits a sum of two is exact as a plain number. */
const QUICK_DIGITS = 15;
const U32 = 0x1_0000_0000;

/**
 * BitMEX's liabilities file (BitMEX/proof-of-reserves-liabilities): `block_height:<n>`, then `digest,sats` a line, the root first, each
 * level from left to right, full. Leaves are HMACs under nonces that only customers have.
 */
export function createBitmexTree(): TreeFormat {
  const bytes = Buffer.alloc(80);
  return {
    headerLines: 1,
    header: (line) => (/^block_height:\d{1,12}$/.test(line) ? null : { check: 'lines', detail: 'no block_height' }),
    rightFirst: false,
    padded: false,
    leafHeight: null,
    rootHeight: (line) => (NODE.test(line) ? 0 : null),
    opensLevel: (_line, _height, here, above) => here === 2 * above,
    fault: (line) => {
      const match = NODE.exec(line);
      if (match === null) {
        return /^[0-9a-f]{64},-\d+$/.test(line)
          ? { check: 'signs', detail: 'the value is negative' }
          : { check: 'lines', detail: 'not a line of digest and value' };
      }
      return BigInt(match[1] as string) < U64 ? null : { check: 'amounts', detail: 'the value has more than 64 bits' };
    },
    parentLine(left, right) {
      if (left.length > HASH + 1 + QUICK_DIGITS || right.length > HASH + 1 + QUICK_DIGITS) return null;
      const [a, b] = [quick(left, 0), quick(right, 40)];
      return a < 0 || b < 0 ? null : `${hash('sha256', bytes, 'hex')},${a + b}`;
    },
    carefulParentLine(left, right) {
      const [a, b] = [careful(left, 0), careful(right, 40)];
      return a === null || b === null ? null : `${hash('sha256', bytes, 'hex')},${a + b}`;
    },
    isPadding: () => false,
    sameHash: () => false,
  };

  /** Writes a line's digest and value at that place and returns the value; −1 where it needs a closer look. */
  function quick(line: string, to: number): number {
    if (bytes.write(line, to, 32, 'hex') !== 32 || line.charCodeAt(HASH) !== 44) return -1;
    let value = 0;
    for (let at = HASH + 1; at < line.length; at += 1) {
      const digit = line.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    if (line.length === HASH + 1 || (line.charCodeAt(HASH + 1) === 48 && line.length > HASH + 2)) return -1;
    bytes.writeUInt32LE(value % U32, to + 32);
    bytes.writeUInt32LE(Math.floor(value / U32), to + 36);
    return value;
  }

  function careful(line: string, to: number): bigint | null {
    const match = /^([0-9a-f]{64}),(-?\d{1,40})$/.exec(line);
    if (match === null) return null;
    const value = BigInt(match[2] as string);
    bytes.write(match[1] as string, to, 32, 'hex');
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value), to + 32);
    return value;
  }
}
