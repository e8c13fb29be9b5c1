import { createThreadedChecker } from '../src/check-in-threads.ts';
import { bookOf } from '../src/domain/resolve-label.ts';
import { readableFile } from '../src/lib/files.ts';
import { loadRegistry } from '../src/load-registry.ts';
import { openReport } from '../src/read-report.ts';
import { verifyReport } from '../src/verify-report.ts';
import { median } from './measure.ts';

/** Wall time of verifying the list with one thread over that with two, threads up before: the median of interleaved rounds. */
export async function measureScaling(path: string, rounds: number): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const one = await timeVerify(path, 1);
    ratios.push(one / (await timeVerify(path, 2)));
  }
  return median(ratios);
}

async function timeVerify(path: string, threads: number): Promise<number> {
  const [registry, file] = [loadRegistry(), await readableFile(path)];
  const entity = registry.ok ? [...registry.value.entities.values()].find(({ id }) => id === 'okx') : undefined;
  const report = file.ok ? await openReport(file.value) : file;
  if (!registry.ok || entity === undefined || !report.ok) throw new Error('the list cannot be read');
  const checker = createThreadedChecker(new URL('../src/verify-worker.js', import.meta.url), threads);
  try {
    // The first call waits until the threads are there.
    await checker.check([]);
    const start = performance.now();
    const options = { registry: registry.value, entity, book: bookOf(registry.value, entity), checker, salt: 'bench' };
    const verified = await verifyReport(report.value, options);
    if (!verified.ok) throw new Error(verified.error);
    return performance.now() - start;
  } finally {
    await checker.close();
  }
}
