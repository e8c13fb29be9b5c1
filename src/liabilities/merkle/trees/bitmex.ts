import { hash } from 'node:crypto';
import { createQuickBitmex } from '../quick-bitmex.ts';
import type { TreeFormat } from '../tree-format.ts';

const NODE = /^[0-9a-f]{64},(0|[1-9]\d{0,19})$/;
const U64 = 1n << 64n;

/**
 * BitMEX's liabilities file (BitMEX/proof-of-reserves-liabilities): `block_height:<n>`, then `digest,sats` a line, the root first, each
 * level from left to right, full. Leaves are HMACs under nonces that only customers have.
 */
export function createBitmexTree(): TreeFormat {
  const bytes = Buffer.alloc(80);
  const quick = createQuickBitmex();
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
    quick: (children, parents, _height, most) => quick(children, parents, most),
    pairsLeft: (here, above) => (2 * above - here) / 2,
    parentLine(left, right) {
      const [a, b] = [write(left, 0), write(right, 40)];
      return a === null || b === null ? null : `${hash('sha256', bytes, 'hex')},${a + b}`;
    },
    isPadding: () => false,
    sameHash: () => false,
  };

  /** Writes a line's digest and value at that place and returns the value. */
  function write(line: string, to: number): bigint | null {
    const match = /^([0-9a-f]{64}),(-?\d{1,40})$/.exec(line);
    if (match === null) return null;
    const value = BigInt(match[2] as string);
    bytes.write(match[1] as string, to, 32, 'hex');
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value), to + 32);
    return value;
  }
}
