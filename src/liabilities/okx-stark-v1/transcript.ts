import { keccak256 } from '../../lib/keccak.ts';
import { hexOfElement, integerOfHex, reduce } from './field.ts';
import { hashHex } from './merkle.ts';

/** The format's blow-up; positions that are multiples of it hold the rows themselves and are never sampled. */
export const BLOW_UP = 16;
/** Positions sampled for the constraints, and as many again in each FRI layer. */
export const SAMPLES = 16;
const POW_BITS = 20n;

/** The 16 positions below `domain` that a root picks, none of them a multiple of 16. */
export function sampledPositions(seed: string, domain: number): number[] {
  const blocks: Uint8Array[] = [Buffer.from(seed, 'hex')];
  while (blocks.length * 32 < 4 * SAMPLES) blocks.push(keccak256(blocks.at(-1)!));
  const words = Buffer.concat(blocks);
  const choices = (domain / BLOW_UP) * (BLOW_UP - 1);
  return Array.from({ length: SAMPLES }, (_, i) => {
    const choice = words.readUInt32BE(4 * i) % choices;
    return choice + 1 + Math.floor(choice / (BLOW_UP - 1));
  });
}

/** Whether the hash of root and nonce starts with 20 zero bits. */
export const hasWork = (root: string, nonce: string): boolean =>
  integerOfHex(hashHex(root, nonce)) >> (256n - POW_BITS) === 0n;

/** The first weights of the linear combination, as the nonce gives them. */
export const weights = (nonce: string, count: number): bigint[] =>
  Array.from({ length: count }, (_, i) => reduce(integerOfHex(hashHex(nonce, hexOfElement(BigInt(i))))));
