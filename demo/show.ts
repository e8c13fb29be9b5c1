import type { CliContext } from '../src/cli/context.ts';
import type { Monitor } from '../src/cli/monitor.ts';
import { paint, tableText } from '../src/cli/output.ts';
import { pointsText } from '../src/cli/points.ts';
import type { CycleResult } from '../src/cycle.ts';
import type { AlertEvent } from '../src/domain/alert.ts';
import { escapeText } from '../src/domain/ids.ts';
import type { Point } from '../src/domain/solvency.ts';
import { pointStatus } from '../src/query/point-status.ts';
import { groupDigits } from '../src/query/point-table.ts';
import { levelRules } from '../src/query/poll-json.ts';
import type { ReceivedEvent } from './receiver.ts';

/** What the demo prints: the story on stdout, in the order in which it happens. */
export interface Show {
  says(text: string): void;
  proofs(monitor: Monitor): void;
  look(look: CycleResult, monitor: Monitor): void;
  event(event: AlertEvent): void;
  webhook(event: ReceivedEvent): void;
}

/** A show on the context's stdout; times are seconds since `startedAtMs`. */
export function createShow(context: CliContext): Show {
  const { stdout, clock } = context;
  const colours = paint(context, stdout);
  const startedAt = clock.monotonic();
  const line = (text: string): void => {
    const seconds = ((clock.monotonic() - startedAt) / 1000).toFixed(1).padStart(6);
    stdout.write(`${colours.dim(`${seconds} s`)}  ${text}\n`);
  };
  let shown = '';
  return {
    says: (text) => line(text),
    proofs(monitor) {
      for (const entity of monitor.entities) {
        const report = monitor.store.reports(entity)[0];
        if (!report) continue;
        const rows = monitor.store
          .trackedCells(report.file.sha256, entity)
          .map((cell) => [
            cell.asset,
            groupDigits(cell.claimed),
            cell.address,
            cell.verdict.grade,
            cell.verdict.scheme ?? '',
            cell.verdict.reason ?? '',
          ]);
        line(`the published list, sha256 ${report.file.sha256}, row by row:`);
        stdout.write(
          tableText(stdout, ['ASSET', 'CLAIMED', 'ADDRESS', 'GRADE', 'SCHEME', 'WHY NOT MORE'], rows, ['CLAIMED']),
        );
      }
    },
    look({ points, poll }, monitor) {
      const now = points.map((point) => `${keyOf(point)} ${pointStatus(point, levelRules(monitor.rules))}`).join('|');
      if (now === shown) return;
      shown = now;
      line(`poll ${poll}:`);
      stdout.write(pointsText(context, points, monitor.rules));
    },
    event(event) {
      const { data } = JSON.parse(event.body) as { data: { reason?: string; asset?: { id: string } } };
      const colour =
        event.type === 'alert.resolved' ? colours.green : event.severity === 'critical' ? colours.red : colours.yellow;
      line(
        colour(
          `${event.type.padEnd(15)} ${data.asset?.id ?? ''} ${event.rule} (${event.severity}) ${escapeText(data.reason ?? '')}`,
        ),
      );
    },
    webhook(event) {
      const verdict = event.verified ? 'signature good' : 'SIGNATURE BAD';
      line(
        colours.cyan(
          `webhook         ${event.type} ${event.rule} #${event.sequence} id ${event.id}: ${verdict}${event.test ? ', test: true' : ''}`,
        ),
      );
    },
  };
}

const keyOf = ({ asset, quality, observed, proven, values }: Point): string =>
  [asset, quality, observed.lo, observed.hi, proven.lo, values['observed+custody']?.lo.num].join(' ');
