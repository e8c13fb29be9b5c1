import type { Rule, Severity } from '../domain/alert.ts';
import type { AssetCode, AssetId, EntityId, NetworkSlug, Sha256 } from '../domain/ids.ts';
import type { Statement } from '../domain/liability.ts';
import type { Network } from '../domain/network.ts';
import type { Ppm } from '../domain/ratio.ts';
import type { Entity, Registry } from '../domain/registry.ts';
import type { Secret } from '../lib/secret.ts';
import type { Fault } from '../lib/yaml.ts';

/** One endpoint as the config names it: what `ProviderOptions` needs besides the network, the clock and the client. */
export interface ProviderConfig {
  readonly name: string;
  readonly group: string;
  readonly url: Secret;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly timeoutMs: number;
}

/** A network with at least one endpoint: the only ones that are polled. */
export interface PolledNetwork {
  readonly network: Network;
  readonly providers: readonly ProviderConfig[];
}

/** An asset whose liabilities are token supplies; `partial` where the token also exists on chains that are not listed. */
export interface SupplyLiability {
  readonly assets: readonly AssetId[];
  readonly partial: boolean;
}

/** One watched entity. Absent numbers are null: the stage that needs them knows its default. */
export interface EntityConfig {
  readonly entity: Entity;
  readonly report: {
    /** Absolute path of a published list to import. */
    readonly file: string | null;
    readonly published: string | null;
    /** How often `published` is asked for a new file; null: never. */
    readonly watchMs: number | null;
    readonly allowPrivateAddress: boolean;
    /** The share of a change of the set above which a watched list waits for the operator, in ppm; `never`: none waits. */
    readonly approveAbovePpm: Ppm | 'never';
    readonly cadenceMs: number | null;
    readonly asOfMs: number | null;
  };
  /** Ratio assets in scope. */
  readonly assets: readonly AssetCode[];
  /** Liability and custody statements written in the config. */
  readonly statements: readonly Statement[];
  readonly supplies: ReadonlyMap<AssetCode, SupplyLiability>;
  readonly maxCustodyAgeMs: number | null;
  readonly maxSnapshotAgeMs: number | null;
}

/** One receiver of alerts. */
export interface ReceiverConfig {
  readonly name: string;
  readonly type: 'webhook';
  readonly url: Secret;
  /** `whsec_…` signing secrets, the newest first. */
  readonly secrets: readonly Secret[];
  readonly minSeverity: Severity;
  readonly allowPrivateAddress: boolean;
  readonly fallback: string | null;
}

/** One leaf of the config for `config print`: masked where secret. */
export interface ConfigValue {
  readonly path: string;
  readonly value: string;
  /** `file:line`, with the environment variable or secret file that it came from, or `default`. */
  readonly origin: string;
}

/** A checked config: everything resolved, nothing left to doubt. */
export interface Config {
  /** Absolute path of the main file. */
  readonly file: string;
  readonly database: string;
  readonly archive: string;
  readonly poll: { readonly everyMs: number; readonly deadlineMs: number };
  /** The shipped registry, extended by the config. */
  readonly registry: Registry;
  readonly networks: ReadonlyMap<NetworkSlug, PolledNetwork>;
  readonly entities: ReadonlyMap<EntityId, EntityConfig>;
  readonly rules: readonly Rule[];
  /** Rules that may fire on the last stored figures: their config gives a reason. */
  readonly allowedAtRest: ReadonlySet<Rule>;
  readonly receivers: ReadonlyMap<string, ReceiverConfig>;
  readonly log: { readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent' };
  /** What the log must never show, for its scrubber; a function, so that printing the config shows none. */
  readonly secrets: () => readonly string[];
  /** What is allowed but worth saying. */
  readonly warnings: readonly Fault[];
  /** Every value with its origin, secrets masked. */
  readonly values: readonly ConfigValue[];
  /** SHA-256 of `values`: which config a poll ran under. */
  readonly sha256: Sha256;
  /** Makes a fault at the place where a rule is written. */
  readonly faultAtRule: (rule: Rule, message: string) => Fault;
}
