import { join } from 'node:path';
import type { Command } from 'commander';
import type { LiabilityEntry } from '../check-liabilities.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { circuitGiven, loadCircuitPins } from '../liabilities/okx-zk-v2/pins.ts';
import type { CircuitPin } from '../liabilities/types.ts';
import { keyGiven } from '../liabilities/zkmerkle/keys.ts';
import { fileChunks, whyUnreadable } from '../lib/files.ts';
import { shippedFolder } from '../shipped-folder.ts';
import { type CliContext, EXIT, type ExitCode, worstExit } from './context.ts';
import { registerAdd } from './liabilities-add.ts';
import { registerImport } from './liabilities-import.ts';
import { registerList } from './liabilities-list.ts';
import { liabilitiesText } from './liabilities-text.ts';
import { checkOpened, openLiabilityFiles } from './liability-files.ts';
import { fail, note, printJson, write } from './output.ts';

interface CheckFlags {
  readonly circuit?: string;
  readonly json?: boolean;
}

/** The most bytes of a circuit file: hex of verifier data, which has some kilobytes. */
const MAX_CIRCUIT_BYTES = 4 << 20;

/** `liabilities check <file|folder>…`: what published liability proofs show, and what not. */
export function register(program: Command, context: CliContext): void {
  const liabilities = program
    .command('liabilities')
    .description('what an entity owes: statements, and published proofs');
  liabilities
    .command('check')
    .argument('<path...>', 'proof files or folders; the files of one call form one set')
    .description('verify liability proofs (Merkle sum trees, leaf lists, zero-knowledge proofs), recognised by content')
    .option(
      '--circuit <file>',
      'hex of what global zero-knowledge proofs are judged by: verifier data to match byte for byte, or a Groth16 verifying key',
    )
    .option('--json', 'print {schema, data, warnings}: one entry a proof')
    .action((paths: readonly string[], flags: CheckFlags) => runCheck(context, paths, flags));
  registerAdd(liabilities, context);
  registerList(liabilities, context);
  registerImport(liabilities, context, loadCircuits);
}

async function runCheck(context: CliContext, paths: readonly string[], flags: CheckFlags): Promise<void> {
  const circuits = await loadCircuits(flags.circuit);
  if (!circuits.ok) return fail(context, EXIT.usage, circuits.error);
  const files = await openLiabilityFiles(paths);
  if (!files.ok) return fail(context, EXIT.usage, files.error);
  if (files.value.files.length === 0) return fail(context, EXIT.usage, `no file in ${paths.join(', ')}`);
  const checked = await checkOpened(files.value, circuits.value);
  if (!checked.ok) return fail(context, EXIT.usage, checked.error);
  const { entries, warnings } = checked.value;
  if (flags.json === true) await printJson(context, 'reservewatch.liabilities/1', entries, warnings);
  else {
    await write(context.stdout, liabilitiesText(entries));
    for (const warning of warnings) await note(context, `warning: ${warning}`);
  }
  context.exit(exitOf(entries));
}

/** 3 where any proof is invalid, 4 where any is undecided (or none was there), else 0. */
function exitOf(entries: readonly LiabilityEntry[]): ExitCode {
  const has = (verdict: LiabilityEntry['verdict']): boolean => entries.some((entry) => entry.verdict === verdict);
  const open = has('undecided') || entries.length === 0;
  return worstExit(has('invalid') ? EXIT.bad : EXIT.good, open ? EXIT.undecided : EXIT.good);
}

async function loadCircuits(given: string | undefined): Promise<Result<readonly CircuitPin[]>> {
  const shipped = loadCircuitPins(join(shippedFolder(), 'circuits'));
  if (!shipped.ok || given === undefined) return shipped;
  const text = await readCircuit(given);
  if (!text.ok) return err(`--circuit ${given}: ${text.error}`);
  const circuit = circuitGiven(text.value, given);
  const pin = circuit.ok ? circuit : keyGiven(text.value, given);
  if (pin.ok) return ok([...shipped.value, pin.value]);
  return err(`--circuit ${given}: ${circuit.ok ? '' : `${circuit.error}; `}${pin.error}`);
}

/** The whole text, whatever it comes from (a pipe, too). */
async function readCircuit(path: string): Promise<Result<string>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of fileChunks(path)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_CIRCUIT_BYTES) return err(`more than ${MAX_CIRCUIT_BYTES} bytes: no verifier data is as long`);
    }
  } catch (error) {
    return err(whyUnreadable(error));
  }
  return ok(Buffer.concat(chunks).toString('utf8'));
}
