import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** The bare work of a file: 97 bytes a row (digest, r and s, recovery id), nothing parsed, nothing compared. */
export const ROW_BYTES = 97;

interface Share {
  readonly rows: SharedArrayBuffer;
  readonly from: number;
  readonly to: number;
}

interface NativeSecp256k1 {
  ecdsaRecover(rs: Uint8Array, recoveryId: number, digest: Uint8Array, compressed: boolean): Uint8Array;
}

/** Recovers every row once with the native library, on one thread a core, and returns wall and CPU time in ms; threads are up before. */
export async function timeRecoverLoop(
  rows: SharedArrayBuffer,
): Promise<{ readonly wallMs: number; readonly cpuMs: number }> {
  const threads = availableParallelism();
  const count = rows.byteLength / ROW_BYTES;
  const workers = Array.from({ length: threads }, (_, thread) => {
    const share: Share = {
      rows,
      from: Math.floor((count * thread) / threads),
      to: Math.floor((count * (thread + 1)) / threads),
    };
    return new Worker(new URL(import.meta.url), { workerData: share });
  });
  await Promise.all(workers.map((worker) => answer(worker)));
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await Promise.all(
    workers.map((worker) => {
      worker.postMessage('go');
      return answer(worker);
    }),
  );
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { wallMs, cpuMs: (user + system) / 1000 };
}

const answer = (worker: Worker): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });

if (!isMainThread && parentPort !== null) {
  const { rows, from, to } = workerData as Share;
  const native = createRequire(import.meta.url)('secp256k1/bindings') as NativeSecp256k1;
  const bytes = new Uint8Array(rows);
  const port = parentPort;
  port.on('message', () => {
    for (let row = from; row < to; row += 1) {
      const at = row * ROW_BYTES;
      native.ecdsaRecover(bytes.slice(at + 32, at + 96), bytes[at + 96] as number, bytes.slice(at, at + 32), false);
    }
    port.postMessage('done');
  });
  port.postMessage('ready');
}
