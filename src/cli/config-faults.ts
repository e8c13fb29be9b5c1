import type { Config } from '../config/types.ts';
import { formatFault } from '../lib/yaml.ts';
import { type CliContext, EXIT } from './context.ts';
import { fail, note } from './output.ts';

/** The config, or null after every fault was said on stderr and the exit code set to 2. Warnings are notes. */
export async function needConfig(context: CliContext): Promise<Config | null> {
  const config = context.config();
  if (!config.ok) {
    for (const fault of config.error) await fail(context, EXIT.usage, formatFault(fault));
    return null;
  }
  for (const warning of config.value.warnings) await note(context, `warning: ${formatFault(warning)}`);
  return config.value;
}

/** The config where there is a good one, else null: for commands that can do without. */
export function configIfAny(context: CliContext): Config | null {
  const config = context.config();
  return config.ok ? config.value : null;
}
