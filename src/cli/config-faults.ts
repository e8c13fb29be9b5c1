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

/**
 * For commands that can do without: the config where one was named or is here, `config: null` where there is none; null
 * after every fault of one that is wrong was said and the exit code set to 2, since its rules would be missed in silence.
 */
export async function optionalConfig(context: CliContext): Promise<{ readonly config: Config | null } | null> {
  const { given, exists } = context.configFile;
  if (!given && !exists) return { config: null };
  const config = await needConfig(context);
  return config && { config };
}
