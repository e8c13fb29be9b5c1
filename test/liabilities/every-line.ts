import { splitCells } from '../../src/lib/csv-cells.ts';
import { changedAt, spread } from './every-field.ts';
import type { Mutation } from './mutations.ts';

/** Every character of a text changed, every line left out, doubled and swapped; `placeOf` names what a character (−1: the line) belongs to. */
export const everyCharacter =
  (placeOf: (line: number, at: number, text: string) => string) =>
  (text: string): readonly Mutation[] => {
    const all = text.split('\n');
    return all.flatMap((line, i): readonly Mutation[] => {
      const change = (what: string, at: number, lines: readonly string[]): Mutation => ({
        ...{ what, place: placeOf(i, at, line) },
        text: lines.join('\n'),
      });
      return [
        ...Array.from(line.replace(/\r$/, ''), (_, at) =>
          change('another value', at, all.with(i, changedAt(line, at))),
        ),
        change('left out', -1, all.toSpliced(i, 1)),
        change('one more', -1, all.toSpliced(i, 0, line)),
        ...(i === 0 ? [] : [change('another order', -1, all.with(i, all[i - 1]!).with(i - 1, line))]),
      ];
    });
  };

/** Every column of a table: characters of each of its cells changed, the column left out, rows and columns in another order or number. */
export function everyColumn(text: string): readonly Mutation[] {
  const rows = text.split('\n').map((line) => {
    const cells = splitCells(line);
    if (!cells.ok) throw new Error(cells.error);
    return cells.value;
  });
  const [header = [], ...body] = rows;
  const change = (what: string, place: string, changed: readonly (readonly string[])[]): Mutation => ({
    ...{ what, place },
    text: changed.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n'),
  });
  const ofColumns = header.flatMap((place, column) => [
    ...body.flatMap((cells, row) => {
      const cell = cells[column]!;
      const places = spread(
        Array.from(cell, (_, at) => at).filter((at) => /[^=[\]",]/.test(cell[at]!)),
        cell.length > 200 ? 10 : 3,
      );
      return places.map((at) =>
        change('another value', place, rows.with(row + 1, cells.with(column, changedAt(cell, at)))),
      );
    }),
    change(
      'left out',
      place,
      rows.map((cells) => cells.toSpliced(column, 1)),
    ),
  ]);
  return [
    ...ofColumns,
    change('another order', 'rows', [header, ...body.toReversed()]),
    change('one less', 'rows', rows.slice(0, -1)),
    change('one less', 'rows', [header, ...body.slice(1)]),
    change('one more', 'rows', [...rows, body.at(-1)!]),
    change(
      'another order',
      'columns',
      rows.map((cells) => cells.toReversed()),
    ),
    change(
      'one more',
      'columns',
      rows.map((cells, i) => [...cells, i === 0 ? 'unknown' : 'x']),
    ),
  ];
}
