import { sha256Bytes } from '../../src/lib/hash.ts';

/** A wallet contract: its code cell (hash and depth), and the bits of its data cell right after deployment with a key. */
interface Wallet {
  readonly name: string;
  readonly codeHash: string;
  readonly codeDepth: number;
  readonly data: (key: bigint) => string;
}

const uint = (value: bigint | number, bits: number): string => BigInt(value).toString(2).padStart(bits, '0');

/** Subwallet of workchain 0 that every wallet software uses (TON: 698983191 + workchain). */
const SUBWALLET = 698983191;
/** Wallet v5: network -239, workchain 0, version 0, subwallet 0, folded into 32 bits. */
const V5_MAINNET_ID = 0x7fff_ff11;
/** What OKX's tool assumes of highload wallets: subwallet 4269 (0x10ad, the recommended one), timeout 12 h. */
const HIGHLOAD_SUBWALLET = 4269;
const HIGHLOAD_TIMEOUT_S = 43_200;

const v3 = (key: bigint): string => uint(0, 32) + uint(SUBWALLET, 32) + uint(key, 256);

/**
 * Wallets of TON whose address follows from a key. Code hashes: ton-blockchain's wallet history; the depths are those of the
 * same code cells. v1 and v2 are long out of use, multisig and vesting wallets have more than a key.
 */
const TON_WALLETS: readonly Wallet[] = [
  {
    name: 'v3r2',
    codeHash: '84dafa449f98a6987789ba232358072bc0f76dc4524002a5d0918b9a75d2d599',
    codeDepth: 0,
    data: v3,
  },
  {
    name: 'highload-v3',
    codeHash: '11acad7955844090f283bf238bc1449871f783e7cc0979408d3f4859483e8525',
    codeDepth: 6,
    data: (key) => uint(key, 256) + uint(HIGHLOAD_SUBWALLET, 32) + uint(0, 1 + 1 + 64) + uint(HIGHLOAD_TIMEOUT_S, 22),
  },
  {
    name: 'v4r2',
    codeHash: 'feb5ff6820e2ff0d9483e7e0d62c817d846789fb4ae580c878866d959dabd5c0',
    codeDepth: 7,
    data: (key) => v3(key) + uint(0, 1),
  },
  {
    name: 'v5r1',
    codeHash: '20834b7b72b112147e1b2fb457b84e74d1a30f04f737d4f62a668e9552d2b72f',
    codeDepth: 6,
    data: (key) => uint(1, 1) + uint(0, 32) + uint(V5_MAINNET_ID, 32) + uint(key, 256) + uint(0, 1),
  },
  {
    name: 'v3r1',
    codeHash: 'b61041a58a7980b946e8fb9e198e3c904d24799ffa36574ea4251c41a566f581',
    codeDepth: 0,
    data: v3,
  },
];

/** The wallet that Venom's and Everscale's software deploys: key and a timestamp of zero. */
const EVER_WALLETS: readonly Wallet[] = [
  {
    name: 'ever-wallet',
    codeHash: '3ba6528ab2694c118180aa3bd10dd19ff400b909ab4dcf58fc69925b2c7b12a6',
    codeDepth: 3,
    data: (key) => uint(key, 256) + uint(0, 64),
  },
];

/** Sets of wallets that a network's params may name. */
export const WALLETS = { ton: TON_WALLETS, ever: EVER_WALLETS } as const;

/** The names of a set's wallets, to say which were tried. */
export const walletNames = (set: keyof typeof WALLETS): string => WALLETS[set].map(({ name }) => name).join(', ');

/** Which wallet of the set with that key has this state hash as its address; null where none has. */
export function walletOf(set: keyof typeof WALLETS, key: Uint8Array, hash: Uint8Array): string | null {
  const wallet = WALLETS[set].find((one) => Buffer.compare(stateHash(one, key), hash) === 0);
  return wallet?.name ?? null;
}

/** The address hash of a set's first wallet, its most usual one. */
export const usualHash = (set: keyof typeof WALLETS, key: Uint8Array): Uint8Array =>
  stateHash(WALLETS[set][0] as Wallet, key);

/** Hash of the StateInit cell: bits 00110 (code and data, nothing else), then depth and hash of the two cells it refers to. */
function stateHash({ codeHash, codeDepth, data }: Wallet, key: Uint8Array): Uint8Array {
  const dataHash = leafCellHash(data(BigInt(`0x${Buffer.from(key).toString('hex')}`)));
  const head = Uint8Array.of(2, 1, 0b0011_0100, 0, codeDepth, 0, 0);
  return sha256Bytes(head, Buffer.from(codeHash, 'hex'), dataHash);
}

/** Representation hash of an ordinary cell without references: two descriptors, then the bits completed by 1 and zeros. */
function leafCellHash(bits: string): Uint8Array {
  const whole = Math.floor(bits.length / 8);
  const bytes = Math.ceil(bits.length / 8);
  const completed = whole === bytes ? bits : `${bits}1`.padEnd(bytes * 8, '0');
  const data = (completed.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2));
  return sha256Bytes(Uint8Array.of(0, whole + bytes, ...data));
}
