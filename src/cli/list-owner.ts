import { quote } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import type { Entity, Registry } from '../domain/registry.ts';
import { err, type Result } from '../domain/result.ts';
import type { ReadableFile } from '../lib/files.ts';
import { openReport } from '../read-report.ts';
import type { CliContext } from './context.ts';
import { entityOf } from './entity-of.ts';

/** The entity that is named, else the only one in the config, else the publisher that the file's layout belongs to. */
export async function chooseEntity(
  context: CliContext,
  registry: Registry,
  file: ReadableFile,
  limits: Limits,
  named: string | undefined,
): Promise<Result<Entity>> {
  if (named !== undefined) return entityOf(registry, named);
  const config = context.configFile.exists || context.configFile.given ? context.config() : null;
  const watched = config?.ok ? [...config.value.entities.keys()] : [];
  if (watched.length === 1) return entityOf(registry, watched[0] as string);
  const report = await openReport(file, limits);
  if (!report.ok) return err(`${file.name}: ${report.error}`);
  const publisher = [...registry.entities.keys()].find((id) => report.value.format.startsWith(`${id}-`));
  return publisher !== undefined && watched.length === 0
    ? entityOf(registry, publisher)
    : err(
        `whose list is ${quote(file.name)}? Say it with --entity; known are ${[...registry.entities.keys()].join(', ')}`,
      );
}
