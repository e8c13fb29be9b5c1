import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { configJsonSchema } from '../config-schema.ts';
import { stringifyJson } from '../lib/json.ts';
import { shippedFolder } from '../shipped-folder.ts';
import { type CliContext, DEFAULT_CONFIG_FILE, EXIT } from './context.ts';
import { fail, write } from './output.ts';

const SCHEMA_FILE = 'reservewatch.schema.json';

/** `init [dir]`: writes a commented reservewatch.yaml and its editor schema, and says the next commands. */
export function register(program: Command, context: CliContext): void {
  const examples = exampleNames();
  program
    .command('init')
    .description('write a commented reservewatch.yaml to start from')
    .argument('[dir]', 'where to write it', '.')
    .addOption(new Option('--example <name>', 'which one').choices(examples).default('minimal'))
    .action((dir: string, flags: { readonly example: string }) => runInit(context, dir, flags.example));
}

const examplesFolder = (): string => join(shippedFolder(), 'examples');

const exampleNames = (): readonly string[] =>
  readdirSync(examplesFolder())
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();

async function runInit(context: CliContext, dir: string, example: string): Promise<void> {
  const folder = resolve(dir);
  const file = join(folder, DEFAULT_CONFIG_FILE);
  if (existsSync(file)) {
    return fail(
      context,
      EXIT.usage,
      `${file} is already there and is not overwritten: name another folder, or move it away`,
    );
  }
  const text = readFileSync(join(examplesFolder(), `${example}.yaml`), 'utf8');
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
    writeFileSync(join(folder, SCHEMA_FILE), `${stringifyJson(configJsonSchema(), 2)}\n`);
  } catch (error) {
    return fail(
      context,
      EXIT.usage,
      `cannot write to ${folder}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
    );
  }
  const variables = [
    ...new Set([...text.replace(/^ *#.*$/gm, '').matchAll(/\$\{([A-Z_][A-Z0-9_]*)\}/g)].map(([, name]) => name)),
  ];
  const where = relative('.', folder);
  await write(
    context.stdout,
    [
      `wrote ${join(where, DEFAULT_CONFIG_FILE)} (and ${join(where, SCHEMA_FILE)} for your editor)`,
      ...(variables.length > 0 ? ['set first:'] : []),
      ...variables.map(
        (name) => `  export ${name}=${name?.includes('SECRET') ? '"whsec_$(openssl rand -base64 32)"' : '…'}`,
      ),
      `next: ${where === '' ? '' : `cd ${where} && `}reservewatch config check`,
      '',
    ].join('\n'),
  );
}
