import { z } from 'zod';
import { parseAssetCode, parseAssetId, parseChainId, parseEntityId, parseNetworkSlug } from './domain/ids.ts';
import type { Result } from './domain/result.ts';

/** A string schema whose check is a domain parser; the error is the parser's sentence, or `expected` for anything but a string. */
export const parsedBy = <T>(parse: (text: string) => Result<T>, expected = 'must be text') =>
  z.string({ error: (issue) => (issue.input === undefined ? undefined : expected) }).transform((text, context): T => {
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.error });
    return z.NEVER;
  });

export const assetCode = parsedBy(parseAssetCode);
const networkSlug = parsedBy(parseNetworkSlug);
export const entityId = parsedBy(parseEntityId);
const chainId = parsedBy(parseChainId);

/** A CAIP-19 id; a hex contract reference is compared in lower case, so it is kept so. */
export const assetId = parsedBy((text) =>
  parseAssetId(text.replace(/:0x[0-9a-fA-F]{40}$/, (reference) => reference.toLowerCase())),
);

const text = z.string().min(1).max(200);
const decimals = z.int().min(0).max(60);

/** One network as config/networks.yaml and `networks:` of reservewatch.yaml write it, without its slug. */
export const networkEntry = z.strictObject({
  name: text.describe('What people call it'),
  family: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .describe('The folder under chains/ that speaks its protocol'),
  caip2: chainId.describe('CAIP-2 chain id, e.g. eip155:1'),
  genesis: z
    .union([z.string().min(16).max(128), z.strictObject({ unknown: text.describe('Why it is not known') })])
    .describe('Hash of block 0 as the nodes print it'),
  native: z.strictObject({
    symbol: text,
    decimals,
    slip44: z.int().min(0).optional().describe('SLIP-0044 coin number, if it has one'),
    countsAs: assetCode.nullable().describe('The ratio asset that the coin belongs to, or null for none'),
  }),
  finality: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('finalized') }),
      z.strictObject({ kind: z.literal('confirmations'), blocks: z.int().min(1).max(100_000) }),
    ])
    .describe("The chain's own finalized tag, or a number of confirmations"),
  params: z
    .record(z.string(), z.unknown())
    .prefault({})
    .describe('Constants of the family, checked by chains/<family>'),
});

/** One token as config/assets.yaml and `assets:` of reservewatch.yaml write it. */
export const assetEntry = z.strictObject({
  id: assetId.describe('CAIP-19 id, e.g. eip155:1/erc20:0x…'),
  symbol: text.describe('Our name for it, unique on its network'),
  decimals: decimals.describe('Decimals of that very contract'),
  countsAs: assetCode.nullable().describe('The ratio asset that it belongs to one to one, or null for none'),
});

/** One coin label of a publisher. */
const coinEntry = z.strictObject({
  asset: assetCode.describe('The ratio asset that the publisher counts it under'),
  network: networkSlug.optional().describe('The chain that the label itself names: wins over the network column'),
  home: networkSlug.optional().describe('The chain where the row has no network text'),
  receipt: z
    .boolean()
    .prefault(false)
    .describe("A token for the asset, never the chain's own coin: rows stay unread where no contract is listed"),
  tokens: z.array(text).prefault([]).describe('The contract on each chain, as network/symbol'),
});

/** A publisher's label book: config/labels/<publisher>.yaml, and `labels:` of reservewatch.yaml without `publisher`. */
export const labelsEntry = z.strictObject({
  coins: z.record(text, coinEntry),
  networks: z.record(text, networkSlug).prefault({}),
});
export const labelsFile = labelsEntry.extend({ publisher: entityId });

/** What the registry says of an entity: config/entities/<entity>.yaml. */
export const entityEntry = z.strictObject({
  id: entityId,
  name: text,
  aliases: z.array(text).min(1).describe('Names, past and present, one of which its signed messages contain'),
  labels: entityId.nullable().describe('Its label book, or null where it uses the registry names'),
  affiliates: z
    .array(entityId)
    .prefault([])
    .describe('Entities of the same house, e.g. its own custodian: their lists never dispute each other'),
  ownTokens: z.array(assetCode).prefault([]).describe('Tokens that it issues itself'),
  published: z.string().nullable().describe('Where its reports are published'),
});

export const networksFile = z.record(networkSlugKey(), networkEntry);
export const assetsFile = z.array(assetEntry);

/** Keys stay strings in records; this is the slug grammar as a key check. */
function networkSlugKey() {
  return z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a network is lower-case words joined by hyphens');
}

export type NetworkEntry = z.output<typeof networkEntry>;
export type AssetEntry = z.output<typeof assetEntry>;
export type LabelsEntry = z.output<typeof labelsEntry>;
export type EntityEntry = z.output<typeof entityEntry>;
