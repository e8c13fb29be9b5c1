#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { loadShippedRegistry } from './cached-registry.ts';
import { type CliContext, DEFAULT_CONFIG_FILE, EXIT, type ExitCode } from './cli/context.ts';
import { codeVersion } from './cli/version.ts';
import type { Config } from './config/types.ts';
import { quote } from './domain/ids.ts';
import { err, ok, type Result } from './domain/result.ts';
import { systemClock } from './lib/clock.ts';
import type { Fault } from './lib/yaml.ts';
import { chainFamilyNames } from './load-chain.ts';

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

/** Commands that ask for no config where there is none: what reads one is a quarter of a second of work for them. */
const CONFIG_IF_THERE = ['verify'];

function createContext(program: Command, stopped: AbortSignal, exit: (code: ExitCode) => void): CliContext {
  const given = (): string | undefined =>
    program.opts<{ config?: string }>().config ?? process.env['RESERVEWATCH_CONFIG'];
  const file = (): string => resolve(given() ?? DEFAULT_CONFIG_FILE);
  let reader: typeof import('./load-config.ts') | null = null;
  program.hook('preAction', async (_, command) => {
    const isThere = given() !== undefined || existsSync(file());
    if (isThere || !CONFIG_IF_THERE.includes(command.name())) reader = await import('./load-config.ts');
  });
  let loaded: Result<Config, readonly Fault[]> | undefined;
  const config = (): Result<Config, readonly Fault[]> => {
    if (reader === null) throw new Error('this command was said to ask for no config');
    loaded ??= reader.loadConfig(file(), { nowMs: systemClock.now(), families: chainFamilyNames() });
    return loaded;
  };
  /** The config where one was named or is here; a bad one is an error, none at all is null. */
  const configIfThere = async (): Promise<Result<Config | null>> => {
    if (given() === undefined && !existsSync(file())) return ok(null);
    const found = config();
    return found.ok ? found : err(await textOf(found.error));
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
      const found = await configIfThere();
      if (!found.ok) return found;
      if (found.value) return ok(found.value.registry);
      const shipped = await loadShippedRegistry();
      return shipped.ok ? shipped : err(await textOf(shipped.error));
    },
    async openStore(path, { mustExist = false } = {}) {
      const found = path === null ? await configIfThere() : ok(null);
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

/** Faults as lines; what they came from has loaded the parser already. */
async function textOf(faults: readonly Fault[]): Promise<string> {
  const { formatFault } = await import('./lib/yaml.ts');
  return faults.map(formatFault).join('\n');
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
