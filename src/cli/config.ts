import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { levelsFiringAtRest } from '../config/levels-at-rest.ts';
import { resolvedValues } from '../config/resolved-values.ts';
import type { Config } from '../config/types.ts';
import { configJsonSchema } from '../config-schema.ts';
import { connectAdapters } from '../connect-adapters.ts';
import type { Result } from '../domain/result.ts';
import { createHttpClient } from '../lib/http.ts';
import { stringifyJson } from '../lib/json.ts';
import { type Fault, formatFault } from '../lib/yaml.ts';
import { chainFamilyNames } from '../load-chain.ts';
import { loadConfig } from '../load-config.ts';
import { type CliContext, EXIT } from './context.ts';
import { fail, note, printJson, write } from './output.ts';

interface Flags {
  readonly json?: boolean;
  readonly resolved?: boolean;
}

/** `config check|print|schema`. */
export function register(program: Command, context: CliContext): void {
  const config = program.command('config').description('check, show and describe the config');
  config
    .command('check')
    .description('every fault of a config at once, with file:line:column; 0 good, 2 faults')
    .argument('[file]', 'default: the file of --config, or reservewatch.yaml')
    .option('--json', 'print {schema, data, warnings}')
    .action((file: string | undefined, flags: Flags) => runCheck(context, file, flags));
  config
    .command('print')
    .description('the config as it was understood, each value with its origin, secrets masked')
    .argument('[file]', 'default: the file of --config, or reservewatch.yaml')
    .option('--resolved', 'also what the file leaves to defaults and what the rules came to')
    .option('--json', 'print {schema, data, warnings}')
    .action((file: string | undefined, flags: Flags) => runPrint(context, file, flags));
  config
    .command('schema')
    .description('the JSON Schema (draft 7) of reservewatch.yaml, for editors')
    .action(() => write(context.stdout, `${stringifyJson(configJsonSchema(), 2)}\n`));
}

async function load(context: CliContext, file: string | undefined): Promise<Result<Config, readonly Fault[]>> {
  if (file === undefined) return context.config();
  return loadConfig(file, { nowMs: context.clock.now(), env: context.env, families: chainFamilyNames() });
}

async function runCheck(context: CliContext, file: string | undefined, flags: Flags): Promise<void> {
  const loaded = await load(context, file);
  const faults = loaded.ok ? await deeperFaults(context, loaded.value) : loaded.error;
  const warnings = loaded.ok ? loaded.value.warnings.map(formatFault) : [];
  if (faults.length > 0) context.exit(EXIT.usage);
  if (flags.json) {
    return printJson(context, 'reservewatch.config-check/1', { good: faults.length === 0, faults }, warnings);
  }
  for (const fault of faults) await fail(context, EXIT.usage, formatFault(fault));
  for (const warning of warnings) await note(context, `warning: ${warning}`);
  if (loaded.ok && faults.length === 0) await write(context.stdout, `${summary(loaded.value)}\n`);
}

/** What only a loaded config can be asked: whether each family accepts its networks, and which levels fire at rest. */
async function deeperFaults(context: CliContext, config: Config): Promise<readonly Fault[]> {
  const http = createHttpClient();
  const connected = await connectAdapters(config.networks.values(), { http, clock: context.clock });
  await http.close();
  if (!connected.ok) return [{ file: config.file, line: 0, column: 0, message: connected.error }];
  if (!existsSync(config.database)) return [];
  const opened = await context.openStore(config.database);
  if (!opened.ok) return [{ file: config.file, line: 0, column: 0, message: opened.error }];
  const points = opened.value.store.latestPoints().map(({ point }) => point);
  opened.value.store.close();
  return levelsFiringAtRest(config, points);
}

function summary(config: Config): string {
  const providers = [...config.networks.values()].reduce((sum, { providers: list }) => sum + list.length, 0);
  const levels = config.rules.filter(({ family }) => family === 'level').length;
  const parts = [
    count(config.networks.size, 'network'),
    count(providers, 'provider'),
    count(config.entities.size, 'entity', 'entities'),
    count(levels, 'level'),
    count(config.receivers.size, 'receiver'),
  ];
  return `${config.file} is good: ${parts.join(', ')}`;
}

const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;

async function runPrint(context: CliContext, file: string | undefined, flags: Flags): Promise<void> {
  const loaded = await load(context, file);
  if (!loaded.ok) {
    for (const fault of loaded.error) await fail(context, EXIT.usage, formatFault(fault));
    return;
  }
  const config = loaded.value;
  const values = flags.resolved ? [...config.values, ...resolvedValues(config)] : config.values;
  if (flags.json) {
    return printJson(context, 'reservewatch.config/1', { file: config.file, sha256: config.sha256, values });
  }
  for (const { path, value, origin } of values) await write(context.stdout, `${path} = ${value}  # ${origin}\n`);
}
