import type { Entity } from '../domain/registry.ts';
import { ok } from '../domain/result.ts';
import { findKeptOverlaps, type KeptClaim, type KeptOverlap } from '../find-disputes.ts';
import { type CliContext, EXIT } from './context.ts';
import { entityOf } from './entity-of.ts';
import { fail, printJson, tableText, write } from './output.ts';

interface Flags {
  readonly entity?: string;
  readonly db?: string;
  readonly json?: boolean;
}

/** `addresses overlaps` without a list: what the kept lists in use of two houses claim, and who disputes what. */
export async function runKeptOverlaps(context: CliContext, flags: Flags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const entity = flags.entity === undefined ? ok<Entity | null>(null) : entityOf(registry.value, flags.entity);
  if (!entity.ok) return fail(context, EXIT.usage, entity.error);
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  try {
    const parts = { store: opened.value.store, registry: registry.value };
    const overlaps = findKeptOverlaps(parts, entity.value?.id ?? null);
    const publishers = new Set(parts.store.reports().map((one) => one.entity)).size;
    if (flags.json) {
      const data = overlaps.map(({ claims, ...account }) => ({ ...account, claims: claims.map(claimJson) }));
      await printJson(context, 'reservewatch.disputes/1', data);
    } else
      await write(
        context.stdout,
        overlaps.length === 0
          ? `no address is in the kept lists of two of ${publishers} publishers\n`
          : tableText(
              context.stdout,
              ['address', 'publisher', 'list', 'issued by', 'rows', 'proven', 'disputed with', 'copied from'],
              overlaps.flatMap(rowsOf),
              ['rows'],
            ),
      );
    context.exit(overlaps.length > 0 ? EXIT.bad : EXIT.good);
  } finally {
    opened.value.store.close();
  }
}

const claimJson = ({ list, claim, disputedWith, copiedFrom }: KeptClaim): unknown => ({
  publisher: list.entity,
  list: { sha256: list.file.sha256, name: list.file.name },
  issuedBy: list.issuedBy,
  ...claim,
  disputedWith,
  copiedFrom,
});

const rowsOf = ({ address, claims }: KeptOverlap): readonly (readonly string[])[] =>
  claims.map(({ list, claim, disputedWith, copiedFrom }) => [
    address,
    list.entity,
    list.file.sha256.slice(0, 12),
    list.issuedBy,
    `${claim.rows}`,
    claim.proven ? 'yes' : 'no',
    disputedWith.join(' ') || 'nobody',
    copiedFrom.join(' ') || '-',
  ]);
