import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { okxStarkV1 } from '../../../src/liabilities/okx-stark-v1/format.ts';
import type { LiabilityFile, RecognisedFile } from '../../../src/liabilities/types.ts';
import { fileOf } from './round.ts';

const folder = resolve(import.meta.dirname, '../../../../shared/liabilities/okx-zkstark-v1');

/** Whether the sample data is beside the project; tests that need it are skipped with this reason otherwise. */
export const samplesPresent = existsSync(folder);
export const SKIP_REASON = 'needs ../shared/liabilities/okx-zkstark-v1';

/** The files below a part of the samples, by name relative to it, read in place. */
export function sampleFiles(part: string): LiabilityFile[] {
  const walk = (at: string): string[] =>
    readdirSync(join(folder, at), { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? walk(join(at, entry.name)) : [join(at, entry.name)]));
  return walk(part).map((name) => fileOf(name, readFileSync(join(folder, name), 'utf8')));
}
export const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** The files whose content the format knows. */
export async function recognised(files: readonly LiabilityFile[]): Promise<RecognisedFile[]> {
  const out: RecognisedFile[] = [];
  for (const file of files) {
    const text = await file.readText(Number.MAX_SAFE_INTEGER);
    const kind = text.ok ? okxStarkV1.recognise(text.value.slice(0, 65_536)) : null;
    if (kind !== null) out.push({ kind, file });
  }
  return out;
}
