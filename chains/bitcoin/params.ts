import { hex } from '@scure/base';
import { z } from 'zod';
import type { Network } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

/** Version bytes of a base58check address: a number for one byte (0x30), or hex text for one or two (`1cb8`). */
const versionSchema = z
  .union([z.int().min(0).max(255), z.string().regex(/^([0-9a-f]{2}){1,2}$/, 'must be 2 or 4 lower-case hex digits')])
  .transform((value) => (typeof value === 'number' ? Uint8Array.of(value) : hex.decode(value)));

const blockHashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');

/**
 * `params` of a network of this family in config/networks.yaml. For each main chain (source: each coin's chainparams):
 *
 * | slug            | p2pkh  | p2sh           | bech32 | taproot | cashaddr    | messageHeader (each ends in "\n")   |
 * |-----------------|--------|----------------|--------|---------|-------------|-------------------------------------|
 * | bitcoin         | '00'   | ['05']         | bc     | true    | null        | Bitcoin Signed Message:             |
 * | litecoin        | '30'   | ['32', '05']   | ltc    | true    | null        | Litecoin Signed Message:            |
 * | dogecoin        | '1e'   | ['16']         | null   | false   | null        | Dogecoin Signed Message:            |
 * | dash            | '4c'   | ['10']         | null   | false   | null        | DarkCoin Signed Message:            |
 * | bitcoin-gold    | '26'   | ['17']         | btg    | false   | null        | Bitcoin Gold Signed Message:        |
 * | bitcoin-diamond | '00'   | ['05']         | bcd    | false   | null        | Bitcoindiamond Signed Message:      |
 * | digibyte        | '1e'   | ['3f', '05']   | dgb    | true    | null        | DigiByte Signed Message:            |
 * | qtum            | '3a'   | ['32']         | qc     | true    | null        | Qtum Signed Message:                |
 * | ravencoin       | '3c'   | ['7a']         | null   | false   | null        | Raven Signed Message:               |
 * | zcash           | '1cb8' | ['1cbd']       | null   | false   | null        | Zcash Signed Message:               |
 * | bitcoin-cash    | '00'   | ['05']         | null   | false   | bitcoincash | Bitcoin Signed Message:             |
 * | bitcoin-sv      | '00'   | ['05']         | null   | false   | null        | Bitcoin Signed Message:             |
 * | ecash           | '00'   | ['05']         | null   | false   | ecash       | Bitcoin Signed Message:             |
 * | horizen         | '2089' | ['2096']       | null   | false   | null        | Bitcoin Signed Message:             |
 * | litecoin regtest| '6f'   | ['3a', 'c4']   | rltc   | true    | null        | Litecoin Signed Message:            |
 *
 * The first `p2sh` version is the canonical one. Chains that share a genesis block (bitcoin, bitcoin-cash, bitcoin-sv,
 * ecash, bitcoin-gold, bitcoin-diamond) need a `checkpoints` entry after their split to be told apart:
 * bitcoin      478559 00000000000000000019f112ec0a9982926f1258cdcc558dd7c3b7e5dc7fa148
 * bitcoin-cash 478559 000000000000000000651ef99cb9fcbe0dadde1d424bd9f15ff20136191a5eec (ecash and bitcoin-sv too)
 * bitcoin-cash 556767 0000000000000000004626ff6e3b936941d341c5932ece4357eeccac44e6d56c (ecash too)
 * bitcoin-cash 661648 0000000000000000029e471c41818d24b8b74c911071c4ef0b4a0509f9b5a8ce
 * ecash        661648 000000000000000004284c9d8b2c8ff731efeaec6be50729bdc9bd07f910757d
 * bitcoin-sv   556767 000000000000000001d956714215d96ffc00e0afda4cd0a96c96f8d802b1662b
 * Decred is not of this family (blake256 checksums): no entry.
 */
export const paramsSchema = z.strictObject({
  p2pkh: versionSchema,
  p2sh: z.array(versionSchema).min(1).readonly(),
  /** Human-readable part of segwit addresses (BIP-173), or null where the chain has none. */
  bech32: z
    .string()
    .regex(/^[a-z0-9]{1,20}$/)
    .nullable(),
  /** Whether witness versions 1 and up are addresses on this chain (BIP-350). */
  taproot: z.boolean(),
  cashaddr: z
    .string()
    .regex(/^[a-z]{1,20}$/)
    .nullable(),
  /** The text that wallets of this chain put before a signed message; ends in a newline. */
  messageHeader: z.string().min(1).max(252).endsWith('\n'),
  /** Blocks that the chain must contain besides its genesis: tells forks of one genesis apart. */
  checkpoints: z
    .array(z.strictObject({ height: z.int().min(0), hash: blockHashSchema }))
    .max(16)
    .default([])
    .readonly(),
  /** Deadline of one UTXO walk (minutes on a large chain). */
  scanTimeoutMs: z.int().min(1_000).max(86_400_000).default(600_000),
  /** Cap of one block's or one walk's response: both grow beyond an ordinary answer. */
  bulkMaxBytes: z.int().min(1_024).max(2_000_000_000).default(268_435_456),
  /** A newest block older than this means that the node lags. */
  maxTipAgeMs: z.int().min(60_000).default(10_800_000),
});

/** Checked constants of one UTXO network. */
export type BitcoinParams = z.output<typeof paramsSchema>;

const cache = new WeakMap<Network['params'], Result<BitcoinParams>>();

/** The network's params, checked once per params object; the error lists every field at fault. */
export function bitcoinParams(network: Network): Result<BitcoinParams> {
  const known = cache.get(network.params);
  if (known) return known;
  const parsed = paramsSchema.safeParse(network.params);
  const result = parsed.success
    ? ok(parsed.data)
    : err(
        `network ${network.slug}: ${parsed.error.issues.map((issue) => `params.${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
      );
  cache.set(network.params, result);
  return result;
}
