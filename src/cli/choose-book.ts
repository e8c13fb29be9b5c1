import { quote } from '../domain/ids.ts';
import type { Entity, LabelBook, Registry } from '../domain/registry.ts';
import { bookOfLayout, combinedBook } from '../domain/resolve-label.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { didYouMean } from '../lib/nearest.ts';

/** The entity and the label book that the flags name; without flags the book of the layout's publisher, else all books as one. */
export function chooseBook(
  registry: Registry,
  { entity: id, labels }: { readonly entity?: string; readonly labels?: string },
  format: string,
): Result<{ readonly entity: Entity | null; readonly book: LabelBook }> {
  const entities = [...registry.entities.values()];
  const entity = id === undefined ? null : entities.find((one) => one.id === id);
  if (entity === undefined)
    return err(
      unknown(
        'entity',
        id as string,
        entities.map((one) => one.id),
      ),
    );
  const publishers = [...registry.labelBooks.keys()];
  if (labels !== undefined && !publishers.includes(labels)) return err(unknown('label book', labels, publishers));
  const byLayout = publishers.find((publisher) => format.startsWith(`${publisher}-`));
  const named = labels ?? (entity === null ? byLayout : undefined);
  const book = named === undefined ? undefined : registry.labelBooks.get(named);
  return ok({
    entity,
    book: book ?? (entity === null ? combinedBook(registry) : bookOfLayout(registry, entity, format)),
  });
}

const unknown = (what: string, name: string, known: readonly string[]): string =>
  `${what} ${quote(name)} is not known${didYouMean(name, known)}; known are ${known.join(', ')}`;
