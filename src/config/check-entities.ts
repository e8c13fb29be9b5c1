import { dirname, resolve } from 'node:path';
import type { RegistrySource, Sourced } from '../build-registry.ts';
import type { EntityPart } from '../config-schema.ts';
import { DEFAULT_APPROVE_ABOVE_PPM } from '../domain/address-set.ts';
import { type Decimal, toBaseUnits } from '../domain/amount.ts';
import {
  type AssetCode,
  type AssetId,
  chainOfAsset,
  type EntityId,
  type NetworkSlug,
  parseEntityId,
  quote,
} from '../domain/ids.ts';
import type { Statement } from '../domain/liability.ts';
import type { Registry } from '../domain/registry.ts';
import { formatTime } from '../domain/time.ts';
import { didYouMean } from '../lib/nearest.ts';
import type { YamlPath } from '../lib/yaml.ts';
import type { Findings } from './check-networks.ts';
import type { EntityConfig, SupplyLiability } from './types.ts';

/** What the checks of entities and rules look things up in. */
export interface Context extends Findings {
  readonly registry: Registry;
  /** Networks with endpoints, and how many operator groups each has. */
  readonly groups: ReadonlyMap<NetworkSlug, number>;
  /** False where parts at fault were left out: then nothing is called missing. */
  readonly whole: boolean;
  readonly nowMs: number;
}

/** Adds the config's entities to the registry: more aliases for a known one, the whole of a new one. */
export function extendEntities(
  source: RegistrySource,
  entities: ReadonlyMap<string, Sourced<EntityPart>>,
  { faults }: Findings,
): void {
  for (const [id, { value, yaml, path }] of entities) {
    const parsed = parseEntityId(id);
    if (!parsed.ok) {
      faults.push(yaml.faultAt(path, parsed.error, true));
      continue;
    }
    const known = source.entities.get(id)?.value;
    if (!known && value.name === undefined) {
      const hint = didYouMean(id, source.entities.keys());
      faults.push(
        yaml.faultAt(path, `entity ${quote(id)} is not in the registry${hint}: a new one needs a name`, true),
      );
      continue;
    }
    const name = value.name ?? known?.name ?? id;
    const aliases = [...new Set([...(known?.aliases ?? []), ...(value.aliases ?? []), ...(known ? [] : [name])])];
    const entry = {
      id: parsed.value,
      name,
      aliases,
      labels: value.labels ?? known?.labels ?? null,
      affiliates: [...new Set([...(known?.affiliates ?? []), ...(value.affiliates ?? [])])],
      ownTokens: known?.ownTokens ?? [],
      published: value.report.published ?? known?.published ?? null,
    };
    source.entities.set(id, { value: entry, yaml, path });
  }
}

const MIN_WATCH_MS = 10 * 60_000;

/** One entity's scope, statements and supplies. */
export function checkEntity(
  id: EntityId,
  { value, yaml, path }: Sourced<EntityPart>,
  published: string | null,
  context: Context,
): EntityConfig {
  const entity = context.registry.entities.get(id);
  if (!entity) throw new Error(`entity ${quote(id)} was not added to the registry`);
  const fault = (at: YamlPath, message: string): void => {
    context.faults.push(yaml.faultAt([...path, ...at], message));
  };
  const known = (asset: AssetCode, at: YamlPath): number | null => {
    const decimals = context.registry.assetDecimals.get(asset);
    if (decimals === undefined) {
      fault(at, `unknown asset ${quote(asset)}${didYouMean(asset, context.registry.assetDecimals.keys())}`);
    }
    return decimals ?? null;
  };
  const { watch } = value.report;
  if (watch !== undefined && watch < MIN_WATCH_MS)
    fault(['report', 'watch'], 'must be at least 10m: publishers publish monthly');
  const { allowPrivateAddress } = value.report;
  if (watch !== undefined && !(allowPrivateAddress ? /^https?:\/\//i : /^https:\/\//i).test(published ?? '')) {
    fault(['report', 'watch'], 'needs `published`: the https URL of the file itself');
  }
  const statements: Statement[] = [];
  const supplies = new Map<AssetCode, SupplyLiability>();
  const state = (kind: Statement['kind'], one: Stated, at: YamlPath): void => {
    const decimals = known(one.asset, [...at, 'asset']);
    const units = decimals === null ? null : toBaseUnits(one.amount, decimals);
    if (units && !units.ok) fault([...at, 'amount'], units.error);
    if (one.asOf > context.nowMs) fault([...at, 'asOf'], `${formatTime(one.asOf)} lies in the future`);
    statements.push({
      kind,
      entity: id,
      asset: one.asset,
      amount: one.amount,
      asOfMs: one.asOf,
      source: one.source,
      documentSha256: one.sha256 ?? null,
      grade: 'stated',
      binding: 'none',
      recordedAtMs: context.nowMs,
    });
  };
  for (const [index, liability] of value.liabilities.entries()) {
    const at = ['liabilities', index];
    if ('amount' in liability) {
      state('liability', liability, at);
      continue;
    }
    known(liability.asset, [...at, 'asset']);
    if (supplies.has(liability.asset)) fault(at, `${liability.asset} has two supplies: list all contracts in one`);
    for (const [position, token] of liability.supply.entries()) {
      const problem = supplyProblem(token, liability.partial, context);
      if (problem) fault([...at, 'supply', position], problem);
    }
    supplies.set(liability.asset, { assets: liability.supply, partial: liability.partial });
  }
  for (const [index, one] of value.custody.entries()) state('custody', one, ['custody', index]);
  for (const [index, asset] of (value.assets ?? []).entries()) known(asset, ['assets', index]);
  for (const [index, { asset }] of value.rules.entries()) known(asset, ['rules', index, 'asset']);
  const owed = [...statements.filter(({ kind }) => kind === 'liability').map(({ asset }) => asset), ...supplies.keys()];
  const scope = value.assets ?? [...new Set([...owed, ...value.rules.map(({ asset }) => asset)])];
  if (scope.length === 0 && context.whole) {
    context.faults.push(yaml.faultAt(path, `entity ${id} watches nothing: give it assets, liabilities or rules`, true));
  }
  return {
    entity,
    report: {
      file: value.report.file === undefined ? null : resolve(dirname(yaml.file), value.report.file),
      published,
      watchMs: value.report.watch ?? null,
      allowPrivateAddress,
      approveAbovePpm: value.report.approveAbove ?? DEFAULT_APPROVE_ABOVE_PPM,
      cadenceMs: value.report.cadence ?? null,
      asOfMs: value.report.asOf ?? null,
    },
    assets: scope,
    statements,
    supplies,
    maxCustodyAgeMs: value.data.maxCustodyAge ?? null,
    maxSnapshotAgeMs: value.data.maxSnapshotAge ?? null,
  };
}

interface Stated {
  readonly asset: AssetCode;
  readonly amount: Decimal;
  readonly asOf: number;
  readonly source: string;
  readonly sha256?: Statement['documentSha256'] | undefined;
}

function supplyProblem(token: AssetId, partial: boolean, { registry, groups, whole }: Context): string | null {
  const asset = registry.assets.get(token);
  if (!asset) return `unknown asset ${quote(token)}${didYouMean(token, registry.assets.keys())}: name it under assets:`;
  if (asset.kind !== 'token') return `${token} is a chain's own coin: its supply is nobody's liability`;
  const slug = registry.networksById.get(chainOfAsset(token))?.slug;
  if (whole && !partial && slug !== undefined && !groups.has(slug)) {
    return `${slug} has no providers, so this supply is never read: add some, or take it out and write partial: true`;
  }
  return null;
}
