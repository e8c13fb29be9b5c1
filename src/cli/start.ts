import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { parseDuration } from '../domain/time.ts';
import { type CliContext, EXIT } from './context.ts';
import { fail } from './output.ts';
import { runWatch } from './watch.ts';

/** What demo/main exports: the demo is not part of the product's import graph, it only runs the product. */
interface Demo {
  runDemo(context: CliContext, durationMs: number | null): Promise<void>;
}

/** `start` (what `npm start` runs): `watch` where there is a config, else the demo. */
export function register(program: Command, context: CliContext): void {
  program
    .command('start')
    .description('`watch` on reservewatch.yaml; without one, a demo on local nodes')
    .option('--duration <time>', 'demo only: end by itself so long after the first complete snapshot, e.g. 90s, 5m, 1h')
    .action((flags: { readonly duration?: string }) => runStart(context, flags.duration));
}

async function runStart(context: CliContext, duration: string | undefined): Promise<void> {
  if (context.configFile.given || context.configFile.exists) {
    if (duration !== undefined) {
      return fail(
        context,
        EXIT.usage,
        `--duration is for the demo, but ${context.configFile.path} is here: start runs the daemon on it`,
      );
    }
    return runWatch(context, false);
  }
  const durationMs = duration === undefined ? null : parseDuration(duration);
  if (durationMs !== null && !durationMs.ok) return fail(context, EXIT.usage, `--duration: ${durationMs.error}`);
  const here = fileURLToPath(import.meta.url);
  const path = join(dirname(here), '..', '..', 'demo', `main${extname(here)}`);
  const demo = (await import(pathToFileURL(path).href)) as Demo;
  await demo.runDemo(context, durationMs === null ? null : durationMs.value);
}
