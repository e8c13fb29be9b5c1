import type { Readable, Writable } from 'node:stream';
import type { Config } from '../config/types.ts';
import type { Registry } from '../domain/registry.ts';
import type { Result } from '../domain/result.ts';
import type { Fault } from '../lib/yaml.ts';
import type { Clock, Store } from '../seams.ts';

/** What a command gets from the outside: main.ts wires the real things, tests their own. */
export interface CliContext {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Sets how the process will end, once its output is written. */
  exit(code: ExitCode): void;
  /** The config that `--config` names, or reservewatch.yaml in this folder; every fault where it is missing or wrong. */
  readonly configFile: { readonly path: string; readonly given: boolean; readonly exists: boolean };
  config(): Result<Config, readonly Fault[]>;
  /** Aborts when the process is asked to stop (Ctrl-C, SIGTERM). */
  readonly stopped: AbortSignal;
  /** The registry: shipped, and extended by the user's config where there is one. */
  registry(): Promise<Result<Registry>>;
  /** Opens the database of that path, or the config's (null): for the commands that need one; `mustExist` for those that only read. */
  openStore(path: string | null, options?: { readonly mustExist?: boolean }): Promise<Result<OpenedStore>>;
}

/** A store with the folder beside it where published files are archived. Whoever opened it closes the store. */
export interface OpenedStore {
  readonly store: Store;
  readonly archiveFolder: string;
}

/** The config file that is looked for where none is named. */
export const DEFAULT_CONFIG_FILE = 'reservewatch.yaml';

/** How a command ends (README, "Exit codes"). */
export const EXIT = { good: 0, bug: 1, usage: 2, bad: 3, undecided: 4, partly: 5 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const WORST_FIRST: readonly ExitCode[] = [EXIT.bug, EXIT.usage, EXIT.bad, EXIT.undecided, EXIT.partly];

/** The code that stands when several apply: usage, then bad, undecided, partly; good for none. */
export const worstExit = (...codes: readonly ExitCode[]): ExitCode =>
  WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.good;
