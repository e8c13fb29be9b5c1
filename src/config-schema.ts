import { z } from 'zod';
import { LEVELS, SEVERITIES } from './domain/alert.ts';
import { parseDecimal } from './domain/amount.ts';
import { parseSha256 } from './domain/ids.ts';
import { parsePercent } from './domain/percent.ts';
import { BASES } from './domain/solvency.ts';
import { parseDuration, parseTime } from './domain/time.ts';
import {
  assetCode,
  assetEntry,
  assetId,
  entityEntry,
  entityId,
  labelsEntry,
  networkEntry,
  parsedBy,
} from './registry-schema.ts';

const text = z.string().min(1).max(1_000);
const duration = parsedBy(parseDuration, 'must be a whole number and a unit, e.g. 90s, 15m, 48h');
const time = parsedBy(parseTime, 'must be an ISO-8601 time with an offset');
const percent = parsedBy(parsePercent, 'must be a percentage with its sign, e.g. 102 %');
/** Digits as written: an unquoted number arrives as its own text, or as an integer below 2^53. */
const amount = z
  .union([z.string(), z.int().min(0)], { error: 'must be an amount in coin units, e.g. "128240.11"' })
  .transform(String)
  .pipe(parsedBy(parseDecimal));
const name = z
  .string()
  .regex(/^[a-z0-9]+([._-][a-z0-9]+)*$/i, 'must be letters and digits joined by . _ or -')
  .max(60);

const provider = z.strictObject({
  name: name.describe('What messages call it; the URL is never shown'),
  group: name
    .optional()
    .describe('Who operates it; a quorum counts groups. Required where a network has several providers'),
  url: z.string().describe('http or https; keys belong in an environment variable or a secret file'),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,80}$/), z.string())
    .optional()
    .describe('Sent with every request; secret'),
  timeout: duration.optional().describe('Deadline of one request, default 20s'),
});

const network = networkEntry.partial().extend({
  providers: z.array(provider).max(16).prefault([]).describe('Endpoints; at least two groups for assurance A2'),
});

const level = z.strictObject({
  fire: percent.describe('Fires strictly below'),
  clear: percent.describe('Clears at or above; above fire, so that it does not flap'),
});

const rule = z.strictObject({
  asset: assetCode,
  kind: z
    .enum(['ratio', 'coverage'])
    .describe(
      'ratio: both sides of one moment (on-chain supply); coverage: reserves now over liabilities as last attested',
    ),
  basis: z.enum(BASES).describe('Which figure stands over the liabilities; there is no default'),
  reason: text.describe('Why this basis, for whoever is paged'),
  levels: z
    .strictObject(
      Object.fromEntries(LEVELS.map((one) => [one, level.optional()])) as Record<
        (typeof LEVELS)[number],
        z.ZodOptional<typeof level>
      >,
    )
    .describe('At least one of warning, critical, below-100'),
  minAssurance: z
    .enum(['A0', 'A1', 'A2'])
    .prefault('A2')
    .describe('A2: two operator groups equal at one block hash. A1 trusts one of them'),
  maxSkew: duration.optional().describe('Coverage of liabilities older than this is at most a warning, default 48h'),
  liftAgeCap: text
    .optional()
    .describe('A written reason to page on coverage although the liabilities are older than maxSkew'),
  repeat: duration.optional().describe('How often a firing alert is said again'),
  confirmations: z.int().min(1).max(20).optional().describe('Polls with newer final blocks before it fires'),
  clears: z.int().min(1).max(20).optional().describe('Complete clear points before it resolves'),
  firesAtRest: text.optional().describe('A written reason to keep a level that fires on the last stored figures'),
});

const liability = z.union([
  z.strictObject({
    asset: assetCode,
    supply: z.array(assetId).min(1).describe('Token contracts whose total supply is what is owed'),
    partial: z
      .boolean()
      .describe('true where the token also exists on chains that are not listed: the sum is a lower bound'),
  }),
  z.strictObject({
    asset: assetCode,
    amount: amount.describe('Coin units'),
    asOf: time.describe('The moment it was attested for, with offset'),
    source: text.describe('Where a person can look it up'),
    sha256: parsedBy(parseSha256).optional().describe('SHA-256 of the document'),
  }),
]);

const custody = z.strictObject({
  asset: assetCode,
  amount: amount.describe('Coin units that the publisher states are held elsewhere'),
  asOf: time,
  source: text,
  sha256: parsedBy(parseSha256).optional(),
});

const entity = z.strictObject({
  name: entityEntry.shape.name.optional(),
  aliases: entityEntry.shape.aliases.optional().describe('Added to the registry aliases'),
  labels: entityId.optional().describe('The label book of its files'),
  affiliates: z
    .array(entityId)
    .optional()
    .describe('Entities of the same house, added to those of the registry: their lists never dispute each other'),
  report: z
    .strictObject({
      file: text.optional().describe('A published list to import, relative to this file'),
      published: text.optional().describe('Where the official file is published'),
      watch: duration
        .optional()
        .describe('How often the daemon asks for the file at `published` (the file itself, not a web page), e.g. 6h'),
      allowPrivateAddress: z
        .boolean()
        .prefault(false)
        .describe('Allow `published` on a private or loopback address, and http there'),
      cadence: duration.optional().describe('How often a new report is due'),
      asOf: time.optional().describe('The moment of the snapshot in `file`'),
      approveAbove: z
        .union([z.literal('never'), percent], { error: 'must be a percentage with its sign, e.g. 10 %, or never' })
        .optional()
        .describe(
          'A watched list whose set of addresses changes by more of what an asset holds waits for `reservewatch report approve`; never: none waits. Default: 10 %',
        ),
    })
    .prefault({}),
  assets: z
    .array(assetCode)
    .min(1)
    .optional()
    .describe('Ratio assets in scope; default: all that have liabilities or a rule'),
  liabilities: z.array(liability).prefault([]),
  custody: z.array(custody).prefault([]),
  rules: z.array(rule).prefault([]),
  data: z
    .strictObject({
      staleAfter: duration.optional().describe('No complete point for this long: data.stale. Default: 3 polls'),
      incompleteAfter: duration.optional().describe('Cells unread for this long: data.incomplete. Default: 3 polls'),
      disagreeAfter: duration.optional().describe('Providers disagree for this long: data.disagree. Default: at once'),
      overdueReportGrace: duration
        .optional()
        .describe('No published list newer than report.cadence plus this: report.overdue. Default: 7d'),
      staleLiabilitiesGrace: duration
        .optional()
        .describe('Liabilities older than report.cadence plus this: liabilities.stale. Default: 7d'),
      liabilitiesChange: percent
        .optional()
        .describe('A new statement of liabilities that differs by more: liabilities.changed. Default: 20 %'),
      custodyChange: percent
        .optional()
        .describe('A new statement of custody that differs by more: custody.changed. Default: 20 %'),
      maxCustodyAge: duration.optional().describe('A custody statement older than this is unknown'),
      maxSnapshotAge: duration.optional().describe('A final block older than this makes a point stale'),
    })
    .prefault({}),
});

const receiver = z.strictObject({
  type: z.literal('webhook'),
  url: z.string().describe('https; http only with allowPrivateAddress'),
  secrets: z.array(z.string()).min(1).max(2).describe('whsec_… signing secrets, the newest first; two while rotating'),
  minSeverity: z.enum(SEVERITIES).prefault('warning'),
  allowPrivateAddress: z.boolean().prefault(false).describe('Allow a receiver on a private or loopback address'),
  fallback: name.optional().describe('Another receiver, told when a delivery to this one is given up'),
});

/** reservewatch.yaml and the files that it includes: every key is optional, what must be there is checked across files. */
export const configSchema = z.strictObject({
  include: z.array(text).max(32).optional().describe('Other files of this shape, relative to this one'),
  database: text.optional().describe('SQLite file, default data/reservewatch.db'),
  archive: text.optional().describe('Folder of published files kept by sha256, default data/reports'),
  poll: z
    .strictObject({
      every: duration.optional().describe('How often each entity is polled, default 15m'),
      deadline: duration.optional().describe('A poll that takes longer is given up, default 10m'),
    })
    .optional()
    .describe('When'),
  networks: z.record(z.string(), network).optional().describe('Endpoints of known networks, and new networks'),
  assets: z.array(assetEntry).optional().describe('Tokens that the shipped registry does not name'),
  labels: z.record(z.string(), labelsEntry).optional().describe("Publishers' coin labels and network names"),
  entities: z.record(z.string(), entity).optional().describe('Who is watched'),
  receivers: z.record(z.string(), receiver).optional().describe('Who is told'),
  log: z
    .strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']) })
    .optional()
    .describe('The log on stderr'),
});

export type ConfigFile = z.output<typeof configSchema>;
export type NetworkPart = NonNullable<ConfigFile['networks']>[string];
export type ProviderPart = NetworkPart['providers'][number];
export type EntityPart = NonNullable<ConfigFile['entities']>[string];
export type RulePart = EntityPart['rules'][number];
export type ReceiverPart = NonNullable<ConfigFile['receivers']>[string];

/** The JSON Schema (draft 7, which editors understand) of the file as people write it. */
export const configJsonSchema = (): object =>
  z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input', unrepresentable: 'any', reused: 'inline' });
