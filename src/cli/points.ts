import type { Rule } from '../domain/alert.ts';
import type { Point } from '../domain/solvency.ts';
import { pointStatus } from '../query/point-status.ts';
import { BLOCK_HEAD, POINT_FIGURES, POINT_HEAD, pointBlock, pointCells } from '../query/point-table.ts';
import { levelRules } from '../query/poll-json.ts';
import type { CliContext } from './context.ts';
import { blockTable, isTerminal, paint, tableText } from './output.ts';

/**
 * The points as every command shows them, all figures, grades and ages: blocks for a terminal, else one line a point. `trust`: what
 * is said of how well each point's claims are proven, under its block or in a last column.
 */
export function pointsText(
  context: CliContext,
  points: readonly Point[],
  rules: readonly Rule[],
  trust?: readonly string[],
): string {
  const nowMs = context.clock.now();
  const { stdout } = context;
  const rated = points.map((point) => ({ point, status: pointStatus(point, levelRules(rules)) }));
  if (!isTerminal(stdout)) {
    return tableText(
      stdout,
      [...POINT_HEAD, ...(trust === undefined ? [] : ['TRUST'])],
      rated.map(({ point, status }, at) => [
        ...pointCells(point, status, nowMs),
        ...(trust === undefined ? [] : [trust[at] ?? '']),
      ]),
      // A column that is named here is never cut.
      [...POINT_FIGURES, 'TRUST'],
    );
  }
  const colours = paint(context, stdout);
  const colourOf = {
    ok: colours.green,
    unknown: colours.gray,
    warning: colours.yellow,
    critical: colours.red,
    'below-100': colours.red,
  };
  const blocks = rated.map(({ point, status }, at) => ({
    columns: pointBlock(point, status, nowMs),
    last: colourOf[status],
    under: trust?.[at] ?? '',
  }));
  return blockTable(BLOCK_HEAD, blocks, ['AMOUNT', 'RATIO']);
}
