import { poseidon } from '../../../src/liabilities/bn254/poseidon.ts';
import { hexOfWord } from '../../../src/liabilities/bn254/scalar.ts';
import type { LiabilityFile, LiabilityKind, RecognisedFile } from '../../../src/liabilities/types.ts';
import { DEPTH } from '../../../src/liabilities/zkmerkle/path.ts';
import { splitLines } from '../../../src/lib/lines.ts';

/** A tree of 28 levels with these leaves at its start and `nil` everywhere else. */
export function treeOf(leaves: readonly bigint[], nil: bigint) {
  const levels: bigint[][] = [[...leaves]];
  const empty = [nil];
  for (let level = 0; level < DEPTH; level++) {
    const below = levels[level]!;
    const none = empty[level]!;
    const above: bigint[] = [];
    for (let i = 0; i < below.length; i += 2) above.push(poseidon([below[i]!, below[i + 1] ?? none]));
    levels.push(above);
    empty.push(poseidon([none, none]));
  }
  return {
    root: levels[DEPTH]![0] ?? empty[DEPTH]!,
    path: (position: number): bigint[] =>
      Array.from({ length: DEPTH }, (_, level) => levels[level]![(position >> level) ^ 1] ?? empty[level]!),
  };
}

export const base64Of = (word: bigint): string => Buffer.from(hexOfWord(word), 'hex').toString('base64');

/** JSON text whose bigints stand as bare numbers. */
export const bareJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `#${item}#` : item)).replace(
    /"#(-?\d+)#"/g,
    '$1',
  );

/** A file that lies in memory. */
export const fileOf = (name: string, text: string): LiabilityFile => ({
  name,
  bytes: Buffer.byteLength(text),
  readText: async (maxBytes) =>
    Buffer.byteLength(text) > maxBytes ? { ok: false, error: 'larger than such files are' } : { ok: true, value: text },
  readLines: () =>
    splitLines(
      (async function* () {
        yield Buffer.from(text);
      })(),
    ),
});

export const recognised = (kind: LiabilityKind, files: Readonly<Record<string, string>>): RecognisedFile[] =>
  Object.entries(files).map(([name, text]) => ({ file: fileOf(name, text), kind }));

/** Rows of a proof table as text: a header and cells quoted as the exchanges' databases write them. */
export function tableText(rows: readonly Readonly<Record<string, string | readonly string[]>>[]): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const columns = Object.keys(rows[0]!);
  const cell = (value: string | readonly string[]): string =>
    quoted(typeof value === 'string' ? value : JSON.stringify(value));
  return [columns.map(quoted), ...rows.map((row) => columns.map((column) => cell(row[column]!)))]
    .map((cells) => cells.join(','))
    .join('\n');
}
