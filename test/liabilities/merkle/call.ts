import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CallFile, checkLiabilities, type LiabilityEntry } from '../../../src/check-liabilities.ts';
import { err, ok } from '../../../src/domain/result.ts';
import { isArray, isObject, type Json, numberText } from '../../../src/lib/json.ts';
import { splitLines } from '../../../src/lib/lines.ts';

/** A file of a call, made in memory. */
export function memoryFile(name: string, text: string): CallFile {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096);
  }
  return {
    name,
    bytes: bytes.length,
    origin: 'given',
    readHead: async () => ok(bytes.subarray(0, 65_536).toString('utf8')),
    readText: async (most) => (bytes.length > most ? err(`has ${bytes.length} bytes`) : ok(text)),
    readLines: () => splitLines(chunks()),
    readChunks: chunks,
  };
}

/** What a call of these files (name → text or JSON value) gives. */
export async function call(files: Readonly<Record<string, unknown>>): Promise<readonly LiabilityEntry[]> {
  const opened = Object.entries(files).map(([name, content]) =>
    memoryFile(name, typeof content === 'string' ? content : JSON.stringify(content)),
  );
  return (await checkLiabilities(opened, { circuits: [] })).entries;
}

/** The names of the checks that failed. */
export const failing = (entry: LiabilityEntry | undefined): readonly string[] =>
  (entry?.checks ?? []).filter(({ status }) => status === 'fail').map(({ name }) => name);

const folder = resolve(import.meta.dirname, '../../../../shared/liabilities');
export const samplesPresent = existsSync(folder);
export const SKIP_REASON = 'needs ../shared/liabilities';
export const samplePath = (name: string): string => resolve(folder, name);
export const sample = (name: string): string => readFileSync(samplePath(name), 'utf8');

/** JSON text of a value whose numbers are still text. */
export function printJson(json: Json): string {
  if (isArray(json)) return `[${json.map(printJson).join(',')}]`;
  if (isObject(json))
    return `{${Object.entries(json)
      .map(([key, value]) => `${JSON.stringify(key)}:${printJson(value)}`)
      .join(',')}}`;
  return numberText(json) ?? JSON.stringify(json);
}
