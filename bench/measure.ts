import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** What a whole process took, from spawn to exit. */
export interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly maxRssMib: number;
  readonly stdout: string;
  readonly code: number | null;
}

/** Runs Node on a compiled module and measures the whole process. */
export async function measureProcess(module: URL, args: readonly string[]): Promise<Measured> {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', new URL('./usage.js', import.meta.url).href, module.pathname, ...args],
    { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, usage, code] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stdio[3] as Readable),
    exited,
  ]);
  const wallMs = performance.now() - start;
  const { maxRssKib, cpuMs } = JSON.parse(usage) as { maxRssKib: number; cpuMs: number };
  return { wallMs, cpuMs, maxRssMib: maxRssKib / 1024, stdout, code };
}

/** The middle one of an odd number of figures. */
export const median = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] as number;
