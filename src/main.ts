#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { type CliContext, EXIT, type ExitCode } from './cli/context.ts';
import { codeVersion } from './cli/version.ts';
import type { Config } from './config/types.ts';
import { quote } from './domain/ids.ts';
import { err, ok, type Result } from './domain/result.ts';
import { systemClock } from './lib/clock.ts';
import { type Fault, formatFault } from './lib/yaml.ts';
import { chainFamilyNames } from './load-chain.ts';
import { DEFAULT_CONFIG_FILE, loadConfig } from './load-config.ts';
import { loadRegistry } from './load-registry.ts';

/** Each command in a file of its own, loaded when its name stands in argv: half a second of work for a `verify` otherwise. */
const COMMANDS: Readonly<Record<string, () => Promise<{ register(program: Command, context: CliContext): void }>>> = {
  init: () => import('./cli/init.ts'),
  config: () => import('./cli/config.ts'),
  doctor: () => import('./cli/doctor.ts'),
  verify: () => import('./cli/verify.ts'),
  proof: () => import('./cli/proof-check.ts'),
  report: () => import('./cli/report.ts'),
  addresses: () => import('./cli/addresses.ts'),
  liabilities: () => import('./cli/liabilities.ts'),
  claims: () => import('./cli/claims.ts'),
  poll: () => import('./cli/poll.ts'),
  watch: () => import('./cli/watch.ts'),
  start: () => import('./cli/start.ts'),
  ratio: () => import('./cli/ratio.ts'),
  history: () => import('./cli/history.ts'),
  status: () => import('./cli/status.ts'),
  db: () => import('./cli/db.ts'),
};

/** The commands that argv may mean: those it names, or all where it names none (help, a mistyped name). */
async function registerCommands(argv: readonly string[], program: Command, context: CliContext): Promise<void> {
  const named = argv.includes('help') ? [] : Object.keys(COMMANDS).filter((name) => argv.includes(name));
  for (const name of named.length > 0 ? named : Object.keys(COMMANDS)) {
    const command = await (COMMANDS[name] as (typeof COMMANDS)[string])();
    command.register(program, context);
  }
}

/** How a signal ends a batch command: state is saved, nothing is half stored. The daemon and the demo end with 0. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
const LIVING = ['watch', 'start'];

function createContext(program: Command, stopped: AbortSignal, exit: (code: ExitCode) => void): CliContext {
  const given = (): string | undefined =>
    program.opts<{ config?: string }>().config ?? process.env['RESERVEWATCH_CONFIG'];
  const file = (): string => resolve(given() ?? DEFAULT_CONFIG_FILE);
  let loaded: Result<Config, readonly Fault[]> | undefined;
  const config = (): Result<Config, readonly Fault[]> => {
    loaded ??= loadConfig(file(), { nowMs: systemClock.now(), families: chainFamilyNames() });
    return loaded;
  };
  /** The config where one was named or is here; a bad one is an error, none at all is null. */
  const configIfThere = (): Result<Config | null> => {
    if (given() === undefined && !existsSync(file())) return ok(null);
    const found = config();
    return found.ok ? found : err(found.error.map(formatFault).join('\n'));
  };
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    clock: systemClock,
    stopped,
    exit,
    get configFile() {
      return { path: file(), given: given() !== undefined, exists: existsSync(file()) };
    },
    config,
    registry: async () => {
      const found = configIfThere();
      if (!found.ok) return found;
      if (found.value) return ok(found.value.registry);
      const shipped = loadRegistry();
      return shipped.ok ? shipped : err(shipped.error.map(formatFault).join('\n'));
    },
    async openStore(path, { mustExist = false } = {}) {
      const found = path === null ? configIfThere() : ok(null);
      if (!found.ok) return found;
      const database = path ?? found.value?.database ?? resolve('data/reservewatch.db');
      // Asking about nothing must not leave an empty database behind that looks like an answer.
      if (mustExist && !existsSync(database))
        return err(
          `there is no database at ${quote(database)} yet; next: reservewatch poll --once, or name one with --db`,
        );
      const archiveFolder = found.value?.archive ?? resolve(database, '..', 'reports');
      const { openStore } = await import('./store/open-store.ts');
      const store = openStore(database, { clock: systemClock });
      return store.ok ? ok({ store: store.value, archiveFolder }) : store;
    },
  };
}

/** Runs one command; the returned number is the process's exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  let code: ExitCode = EXIT.good;
  let signalled: keyof typeof SIGNALS | null = null;
  const program = new Command('reservewatch')
    .description("check an exchange's reserves for yourself: proofs, balances, ratios, alerts")
    .version(codeVersion())
    .option('-c, --config <file>', `config file (default: $RESERVEWATCH_CONFIG, else ${DEFAULT_CONFIG_FILE})`)
    .exitOverride()
    .configureHelp({ sortSubcommands: true })
    .addHelpText(
      'after',
      '\nExit codes: 0 good · 1 a bug · 2 usage or config · 3 checked and bad · 4 could not decide · 5 partly done',
    );
  const context = createContext(program, stop.signal, (set) => {
    code = set;
  });
  await registerCommands(argv, program, context);
  for (const command of program.commands) command.exitOverride();
  for (const signal of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]) {
    process.on(signal, () => {
      // A second signal does not wait for anything.
      if (signalled !== null) process.exit(SIGNALS[signal]);
      signalled = signal;
      stop.abort(new Error(`stopped by ${signal}`));
      if (!LIVING.includes(program.args[0] ?? '')) process.exitCode = SIGNALS[signal];
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
    if (signalled !== null) return SIGNALS[signalled];
    process.stderr.write(
      `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis is a bug: please report it with the line above.\n`,
    );
    return EXIT.bug;
  }
  if (signalled !== null && !LIVING.includes(program.args[0] ?? '')) return SIGNALS[signalled];
  return code;
}

process.exitCode = await main(process.argv.slice(2));
