import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { registerDecisions } from './report-decide.ts';
import { registerDiff } from './report-diff.ts';
import { registerImport } from './report-import.ts';
import { registerList } from './report-list.ts';

/** `report import <file>`, `report list`, `report approve|reject <sha256>` and `report diff <before> <after>`. */
export function register(program: Command, context: CliContext): void {
  const report = program.commands.find((command) => command.name() === 'report') ?? program.command('report');
  report.description('keep published lists of addresses');
  registerImport(report, context);
  registerList(report, context);
  registerDecisions(report, context);
  registerDiff(report, context);
}
