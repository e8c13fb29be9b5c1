import type { Rule } from '../domain/alert.ts';
import type { Point } from '../domain/solvency.ts';
import { pointStatus } from '../query/point-status.ts';
import { POINT_FIGURES, POINT_HEAD, pointCells } from '../query/point-table.ts';
import { levelRules } from '../query/poll-json.ts';
import type { CliContext } from './context.ts';
import { tableText } from './output.ts';

/** The table of points as every command shows it: all figures, grades and ages. */
export function pointsText(context: CliContext, points: readonly Point[], rules: readonly Rule[]): string {
  const nowMs = context.clock.now();
  const rows = points.map((point) => pointCells(point, pointStatus(point, levelRules(rules)), nowMs));
  return tableText(context.stdout, POINT_HEAD, rows, POINT_FIGURES);
}
