import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { createProofChecker, isWorthThreads } from '../check-proofs.ts';
import type { ProofChecker } from '../proof-checker.ts';
import type { CliContext } from './context.ts';
import { addLimitFlags } from './limit-flags.ts';
import type { VerifyFlags } from './verify-flags.ts';

/** `verify <file>`: an ownership grade for each row of a published list. */
export function register(program: Command, context: CliContext): void {
  const command = program.command('verify');
  addLimitFlags(command)
    .argument('<file>', 'path or URL of a published list, in any known layout, packed with ZIP or gzip or not')
    .description("grade every row's ownership proof and compare the file's totals with its rows")
    .option('--allow-private-address', 'for a URL in your own network: http and any address are allowed')
    .option('--entity <id>', 'whose list it is: messages that do not name it are flagged')
    .option(
      '--labels <publisher>',
      "label book to read coin and network names with (default: the entity's, else the layout's)",
    )
    .option(
      '--db <path>',
      'database that keeps the list: says since when its signatures are known, and who disputes its addresses',
    )
    .option(
      '--verdicts <file>',
      'keep verdicts in this database (made where there is none): an interrupted run goes on, a next list costs only its new rows',
    )
    .option('--json', 'print {schema, data, warnings} instead of text')
    .option(
      '--rows <path>',
      'also write one JSON line a row, faults included; - writes them to stdout and the result to stderr',
    )
    .action((path: string, flags: VerifyFlags) => run(context, path, flags));
}

/** The threads of a large file start first: this one loads what else it needs meanwhile. */
async function run(context: CliContext, path: string, flags: VerifyFlags): Promise<void> {
  const early = await startEarly(path);
  try {
    const { verifyFile } = await import('./verify-file.ts');
    await verifyFile(context, path, flags, early);
  } finally {
    await early?.close();
  }
}

async function startEarly(path: string): Promise<ProofChecker | null> {
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  );
  return isWorthThreads(size) ? createProofChecker(size) : null;
}
