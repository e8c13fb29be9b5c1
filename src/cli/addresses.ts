import type { Command } from 'commander';
import { listInUse } from '../domain/attestation.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { findOverlaps, type Overlap } from '../find-overlaps.ts';
import { explainLosses, lossFields } from './address-moves.ts';
import { registerExplain } from './addresses-explain.ts';
import { canonicalSpellings, keptEntities } from './addresses-find.ts';
import { registerInside } from './addresses-inside.ts';
import { registerList } from './addresses-list.ts';
import { registerLookalikes } from './addresses-lookalikes.ts';
import { runKeptOverlaps } from './addresses-overlaps.ts';
import { type CliContext, EXIT } from './context.ts';
import { fail, printJson, tableText, write } from './output.ts';
import { type ReadList, readList } from './read-list.ts';
import { readSignatureHistories, signatureHistoryJson, signatureHistoryText } from './signature-history.ts';

interface Flags {
  readonly db?: string;
  readonly json?: boolean;
  readonly entity?: string;
  readonly in?: readonly string[];
  readonly allowPrivateAddress?: boolean;
}

const PLACE = "path or URL of a list, or the beginning of a kept report's sha256";

/** `addresses show <address>` and `addresses overlaps <list>…`. */
export function register(program: Command, context: CliContext): void {
  const addresses = program.command('addresses').description('one address, or addresses that several lists claim');
  const common = (command: Command): Command =>
    command
      .option('--db <path>', "database of the kept reports (default: the config's)")
      .option('--allow-private-address', 'for a URL in your own network: http and any address are allowed')
      .option('--json', 'print {schema, data, warnings} instead of text');
  common(addresses.command('overlaps'))
    .argument('[list...]', `${PLACE}; with publisher= before it where the layout does not say whose list it is`)
    .option('--entity <id>', 'of the kept lists only what this entity shares with others')
    .description(
      'find addresses that two publishers claim, in these lists or the kept ones; ends with 3 where there are any',
    )
    .action((places: readonly string[], flags: Flags) =>
      places.length === 0 ? runKeptOverlaps(context, flags) : runOverlaps(context, places, flags),
    );
  common(addresses.command('show'))
    .argument('<address>', 'the address, in any spelling')
    .option(
      '--in <list...>',
      `${PLACE}, oldest first; with publisher= before it where needed (default: every kept list that is in use)`,
    )
    .description('show every row of an address in lists, with its proof and why it is graded so')
    .action((address: string, flags: Flags) => runShow(context, address, flags));
  registerList(addresses, context);
  registerExplain(addresses, context);
  registerInside(addresses, context);
  registerLookalikes(addresses, context);
}

/** A list with the name of its publisher. */
interface NamedList extends ReadList {
  readonly publisher: string;
}

async function readLists(
  context: CliContext,
  places: readonly string[],
  flags: Flags,
): Promise<Result<readonly NamedList[]>> {
  const registry = await context.registry();
  if (!registry.ok) return registry;
  const entities = new Set<string>(registry.value.entities.keys());
  const lists: NamedList[] = [];
  for (const place of places) {
    const [, named, path] = /^([A-Za-z0-9][A-Za-z0-9 ._-]*)=(.+)$/s.exec(place) ?? [null, null, place];
    const known = named !== null && named !== undefined && entities.has(named);
    const list = await readList(context, path as string, {
      ...(flags.db === undefined ? {} : { db: flags.db }),
      ...(known ? { entity: named } : {}),
      allowPrivateAddress: flags.allowPrivateAddress === true,
    });
    if (!list.ok) return list;
    const byLayout = [...entities].find((id) => list.value.verified.file.format.startsWith(`${id}-`));
    const publisher = named ?? list.value.entity?.id ?? byLayout;
    if (publisher === undefined) return err(`whose list is ${place}? Write it as publisher=${place}`);
    lists.push({ ...list.value, publisher });
  }
  return ok(lists);
}

/** The kept lists in use, each with whose it is. */
async function keptPlaces(context: CliContext, db: string | undefined): Promise<Result<readonly string[]>> {
  const registry = await context.registry();
  if (!registry.ok) return registry;
  const opened = await context.openStore(db ?? null, { mustExist: true });
  if (!opened.ok) return opened;
  const { store } = opened.value;
  try {
    const kept = keptEntities(store, registry.value, undefined);
    if (!kept.ok) return kept;
    return ok(kept.value.flatMap(({ id }) => `${id}=${listInUse(store.reports(id))?.file.sha256}`));
  } finally {
    store.close();
  }
}

async function runOverlaps(context: CliContext, places: readonly string[], flags: Flags): Promise<void> {
  const lists = await readLists(context, places, flags);
  if (!lists.ok) return fail(context, EXIT.usage, lists.error);
  const overlaps = findOverlaps(lists.value);
  const warnings = faultWarnings(lists.value);
  if (flags.json) {
    const read = lists.value.map(({ publisher, verified: { file } }) => ({ publisher, file }));
    await printJson(context, 'reservewatch.overlaps/1', { lists: read, overlaps }, warnings);
  } else {
    const publishers = new Set(lists.value.map(({ publisher }) => publisher)).size;
    await write(
      context.stdout,
      overlaps.length === 0
        ? `no address is in the lists of two of ${publishers} publishers\n`
        : tableText(
            context.stdout,
            ['address', 'publisher', 'chains', 'assets', 'rows', 'proven', 'disputed', 'copied'],
            overlaps.flatMap(overlapRows),
            ['rows', 'proven'],
          ),
    );
  }
  context.exit(overlaps.length > 0 ? EXIT.bad : warnings.length > 0 ? EXIT.partly : EXIT.good);
}

const overlapRows = ({ address, claims, copied }: Overlap): readonly (readonly string[])[] =>
  claims.map(({ publisher, chains, assets, rows, proven, disputed }) => [
    address,
    publisher,
    chains.join(' '),
    assets.join(' '),
    `${rows}`,
    `${proven}`,
    disputed ? 'yes' : 'no',
    copied ? 'yes' : 'no',
  ]);

const faultWarnings = (lists: readonly NamedList[]): readonly string[] =>
  lists.flatMap(({ verified: { file, tally } }) =>
    tally.rows.faults === 0 ? [] : [`${file.name}: ${tally.rows.faults} lines were not understood and are left out`],
  );

async function runShow(context: CliContext, address: string, flags: Flags): Promise<void> {
  const places = flags.in === undefined ? await keptPlaces(context, flags.db) : ok(flags.in);
  if (!places.ok) return fail(context, EXIT.usage, places.error);
  const lists = await readLists(context, places.value, flags);
  if (!lists.ok) return fail(context, EXIT.usage, lists.error);
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  // What the text is on any chain, and what a row that prints it so is: that leads to all its other spellings.
  const texts = new Set([address, ...(await canonicalSpellings(registry.value, address)).values()]);
  for (const { rows } of lists.value) {
    for (const { listed } of rows) if (listed.row.addressText === address && listed.address) texts.add(listed.address);
  }
  const overlap = findOverlaps(lists.value).find(({ address: shared }) => texts.has(shared));
  const disputed = new Set(overlap?.claims.flatMap((claim) => (claim.disputed ? [claim.publisher] : [])) ?? []);
  const others = (publisher: string): readonly string[] =>
    (overlap?.claims ?? []).map((claim) => claim.publisher).filter((one) => one !== publisher);
  const firstSeen = new Map<string, string>();
  const lossOf = await explainLosses(context, lists.value, flags.db);
  const found = lists.value.flatMap((list) => {
    const {
      publisher,
      verified: { file },
      rows,
    } = list;
    return rows
      .filter(
        ({ listed }) => texts.has(listed.row.addressText) || (listed.address !== null && texts.has(listed.address)),
      )
      .map(({ listed, verdict }) => {
        const { row, resolved, address: canonical, addressFault } = listed;
        const { signature1 } = row;
        if (signature1 !== null && !firstSeen.has(signature1)) firstSeen.set(signature1, file.name);
        return {
          publisher,
          file: { name: file.name, sha256: file.sha256, format: file.format },
          ...row,
          amount: row.unstated ? null : row.amount,
          messageBytes: row.message === null ? null : Buffer.from(row.message, 'utf8').toString('hex'),
          signatureFirstIn: signature1 === null ? null : (firstSeen.get(signature1) ?? null),
          chain: resolved.chain,
          asset: resolved.asset,
          assetId: resolved.assetId,
          address: canonical,
          addressFault,
          verdict: disputed.has(publisher) ? { ...verdict, flags: [...verdict.flags, 'disputed' as const] } : verdict,
          claimedBy: others(publisher),
          loss: lossOf(list, listed),
        };
      });
  });
  const nowMs = context.clock.now();
  const signatures = found.flatMap(({ signature1 }) => signature1 ?? []);
  const histories = await readSignatureHistories(context, flags.db, signatures);
  const historyOf = (signature: string | null) => histories.get(signature ?? '') ?? [];
  if (flags.json) {
    const data = found.map((one) => ({
      ...one,
      signatureHistory: historyOf(one.signature1).map((history) => signatureHistoryJson(history, nowMs)),
    }));
    await printJson(context, 'reservewatch.address/1', data, faultWarnings(lists.value));
  } else {
    for (const one of found) {
      const fields: readonly (readonly [string, string | null])[] = [
        ['list', `${one.publisher}: ${one.file.name} line ${one.line}, sha256 ${one.file.sha256}`],
        ['claims', `${one.amount ?? 'no amount'} of ${one.label}, which is ${one.assetId ?? one.asset ?? 'not known'}`],
        ['address', one.address ?? `${one.addressText}: ${one.addressFault ?? ''}`],
        ['printed as', one.address === one.addressText ? null : one.addressText],
        ['type', one.rowType],
        ['grade', `${one.verdict.grade}${one.verdict.scheme === null ? '' : ` by ${one.verdict.scheme}`}`],
        ['reason', one.verdict.reason],
        ['flags', one.verdict.flags.join(' ') || null],
        ['claimed by', one.claimedBy.join(' ') || null],
        ...lossFields(one.loss),
        ['message', one.message],
        ['its bytes', one.messageBytes],
        ['signature', one.signature1],
        ['second', one.signature2],
        ['first in', one.signatureFirstIn],
        ...historyOf(one.signature1).map((history) => ['first seen', signatureHistoryText(history, nowMs)] as const),
        ['script, key', one.scriptOrPubkey],
        ['owners', [one.owner1, one.owner2].filter((owner) => owner !== null).join(' ') || null],
      ];
      const rows = fields.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
      await write(context.stdout, `${tableText(context.stdout, ['row', `${one.line}`], rows)}\n`);
    }
    if (found.length === 0) await write(context.stdout, 'no list has a row of that address\n');
  }
  context.exit(found.length === 0 ? EXIT.undecided : EXIT.good);
}
