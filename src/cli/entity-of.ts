import { quote } from '../domain/ids.ts';
import type { Entity, Registry } from '../domain/registry.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { didYouMean } from '../lib/nearest.ts';

/** The entity of that id; an error names the known ones. */
export function entityOf(registry: Registry, id: string): Result<Entity> {
  const entities = [...registry.entities.values()];
  const entity = entities.find((one) => one.id === id);
  const ids = entities.map((one) => one.id);
  return entity
    ? ok(entity)
    : err(`entity ${quote(id)} is not known${didYouMean(id, ids)}; known are ${ids.join(', ')}`);
}
