import { Readable, Writable } from 'node:stream';
import { Command, CommanderError } from 'commander';
import type { CliContext, ExitCode, OpenedStore } from '../../src/cli/context.ts';
import { err, type Result } from '../../src/domain/result.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { loadRegistry } from '../../src/load-registry.ts';

/** What one command wrote and how it ended. */
export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: ExitCode;
}

/** Runs a command in this process, with the shipped registry and no terminal. */
export async function runCli(
  register: (program: Command, context: CliContext) => void,
  args: readonly string[],
  options: {
    readonly stdin?: string | readonly Uint8Array[];
    readonly openStore?: () => Promise<Result<OpenedStore>>;
    readonly env?: CliContext['env'];
  } = {},
): Promise<CliRun> {
  const stdout = sink();
  const stderr = sink();
  let code: ExitCode = 0;
  const context: CliContext = {
    stdin: Readable.from(typeof options.stdin === 'string' ? [Buffer.from(options.stdin)] : (options.stdin ?? [])),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: options.env ?? {},
    clock: systemClock,
    exit: (set) => {
      code = set;
    },
    configFile: { path: 'reservewatch.yaml', given: false, exists: false },
    config: () => err([]),
    stopped: new AbortController().signal,
    registry: async () => {
      const registry = loadRegistry();
      return registry.ok ? registry : err(registry.error.map((fault) => JSON.stringify(fault)).join('; '));
    },
    openStore: options.openStore ?? (async () => err('this test has no store')),
  };
  const program = new Command().exitOverride();
  register(program, context);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = 2;
  }
  return { stdout: stdout.text(), stderr: stderr.text(), code };
}

function sink(): { readonly stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** Each line of NDJSON as an object. */
export const jsonLines = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
