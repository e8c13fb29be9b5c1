import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A running anvil: a real EVM with the deterministic accounts of the mnemonic "test … junk". */
export interface Anvil {
  readonly url: string;
  readonly chainId: number;
  readonly pid: number;
  /** One JSON-RPC call; throws with the node's message on an error answer. */
  rpc<T = unknown>(method: string, params?: readonly unknown[]): Promise<T>;
  /** Ends the process and removes its folder; may be called twice. */
  stop(): Promise<void>;
}

export interface AnvilOptions {
  readonly chainId?: number;
  /** Mines by the clock; without it one block for each transaction. */
  readonly blockTimeSeconds?: number;
  readonly port?: number;
}

const require = createRequire(import.meta.url);
const CPU: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * The anvil program of the installed npm package, or null where there is none for this platform. The binary itself rather than
 * its JavaScript wrapper, so that a kill reaches it; the wrapper only where the binary cannot be resolved.
 */
export function findAnvil(): string | null {
  const exe = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
  try {
    return require.resolve(`@foundry-rs/anvil-${process.platform}-${CPU[process.arch] ?? process.arch}/bin/${exe}`);
  } catch {
    try {
      const wrapper = join(dirname(require.resolve('@foundry-rs/anvil/package.json')), '..', '..', '.bin', 'anvil');
      return existsSync(wrapper) ? wrapper : null;
    } catch {
      return null;
    }
  }
}

/** Starts anvil on a free port of 127.0.0.1 in a temporary folder; resolves when it answers, throws saying what to do otherwise. */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const program = findAnvil();
  if (program === null) {
    throw new Error(
      `no anvil for ${process.platform}-${process.arch}: install the optional dependencies of @foundry-rs/anvil (npm ci)`,
    );
  }
  const chainId = options.chainId ?? 31_337;
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'reservewatch-anvil-'));
  const url = `http://127.0.0.1:${port}`;
  // One slot an epoch: anvil then calls the block two below the newest one finalized.
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId), '--silent'];
  flags.push('--slots-in-an-epoch', '1', '--no-request-size-limit', '--cache-path', folder);
  if (options.blockTimeSeconds !== undefined) flags.push('--block-time', String(options.blockTimeSeconds));
  const child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  const stderr: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk.toString('utf8').slice(0, 2000)));

  const atExit = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', atExit);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', atExit);
    await ended(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };

  try {
    await untilReady(url, child, chainId);
  } catch (error) {
    await stop();
    throw new Error(`anvil did not start: ${(error as Error).message} ${stderr.join('').trim()}`.trim());
  }
  return { url, chainId, pid: child.pid as number, rpc: (method, params = []) => call(url, method, params), stop };
}

/** Kills the child if it lives and waits for its end. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function untilReady(url: string, child: ChildProcess, chainId: number): Promise<void> {
  let failure = 'no answer within 20 s';
  const spawned = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
  });
  spawned.catch(() => undefined);
  for (let attempt = 0; attempt < 400; attempt += 1) {
    try {
      const found = await Promise.race([call<string>(url, 'eth_chainId', []), spawned]);
      if (Number.parseInt(found, 16) === chainId) return;
      throw new Error(`another node answers at ${url}`);
    } catch (error) {
      failure = (error as Error).message;
      if (child.exitCode !== null || child.pid === undefined) break;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(failure);
}

async function call<T>(url: string, method: string, params: readonly unknown[]): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const answer = (await response.json()) as { result?: T; error?: { message: string } };
  if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
  return answer.result as T;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
