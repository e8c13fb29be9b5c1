import type { Command } from 'commander';
import { formatAmount } from '../domain/amount.ts';
import { listInUse } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import { GRADES, type Grade } from '../domain/ownership.ts';
import type { Entity, Registry } from '../domain/registry.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { cellKey } from '../domain/snapshot.ts';
import { formatTime } from '../domain/time.ts';
import { disputersOf, findDisputes } from '../find-disputes.ts';
import { stringifyJson } from '../lib/json.ts';
import { didYouMean } from '../lib/nearest.ts';
import { type ListedAccount, listAccounts } from '../list-accounts.ts';
import type { LastReading, Store } from '../seams.ts';
import { keptEntities } from './addresses-find.ts';
import { type CliContext, EXIT } from './context.ts';
import { fail, isTerminal, note, tableText, write } from './output.ts';

interface Flags {
  readonly entity?: string;
  readonly asset?: string;
  readonly grade?: string;
  readonly chain?: string;
  readonly flag?: string;
  readonly db?: string;
  readonly json?: boolean;
}

/** `addresses list`. */
export function registerList(addresses: Command, context: CliContext): void {
  addresses
    .command('list')
    .description('every address of the lists in use: assets, claims, last readings, grades and spellings')
    .option('--entity <id>', 'whose list (default: every kept list that is in use)')
    .option('--asset <asset>', 'only what is claimed of this ratio asset, or under this label')
    .option('--grade <grade>', `only addresses with a row of this grade: ${GRADES.join(', ')}`)
    .option('--chain <chain>', 'only this network, by its name or CAIP-2 id')
    .option('--flag <flag>', 'only addresses with a row of this flag, such as repeated-signature or message-variant')
    .option('--db <path>', "database of the kept reports (default: the config's)")
    .option('--json', 'print NDJSON instead of text, an address a line')
    .action((flags: Flags) => run(context, flags));
}

/** An account as it is printed. */
interface Shown extends Omit<ListedAccount, 'assets'> {
  readonly entity: string;
  readonly assets: readonly (ListedAccount['assets'][number] & {
    readonly last: {
      readonly amount: string;
      readonly height: string;
      readonly at: string;
      readonly poll: number;
    } | null;
  })[];
}

async function run(context: CliContext, flags: Flags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const wanted = filterOf(registry.value, flags);
  if (!wanted.ok) return fail(context, EXIT.usage, wanted.error);
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  const { store } = opened.value;
  try {
    const entities = keptEntities(store, registry.value, flags.entity);
    if (!entities.ok) return await fail(context, EXIT.usage, entities.error);
    const page = createPage(context, flags.json === true);
    let count = 0;
    for (const entity of entities.value) {
      for (const account of accountsOf(store, registry.value, entity, wanted.value)) {
        context.stopped.throwIfAborted();
        await page.add(account);
        count += 1;
      }
    }
    await page.end();
    if (!flags.json) await note(context, `${count} addresses`);
  } finally {
    store.close();
  }
}

function* accountsOf(
  store: Store,
  registry: Registry,
  { id }: Entity,
  isWanted: (account: ListedAccount) => ListedAccount | null,
): Generator<Shown> {
  const file = listInUse(store.reports(id))?.file;
  if (file === undefined) return;
  const readings = store.lastReadings(id);
  const disputers = disputersOf(findDisputes({ store, registry }, id));
  for (const account of listAccounts(store.listedRows(file.sha256, id))) {
    const { chain, address, flags } = account;
    const disputed = chain !== null && address !== null && disputers(chain, address).length > 0;
    const kept = isWanted(disputed ? { ...account, flags: [...flags, 'disputed'] } : account);
    if (kept === null) continue;
    const assets = kept.assets.map((one) => ({ ...one, last: lastOf(registry, readings, kept, one.assetId) }));
    yield { entity: id, ...kept, assets };
  }
}

function lastOf(
  registry: Registry,
  readings: ReadonlyMap<string, LastReading>,
  { address }: ListedAccount,
  assetId: ListedAccount['assets'][number]['assetId'],
): Shown['assets'][number]['last'] {
  const reading = assetId === null || address === null ? undefined : readings.get(cellKey(assetId, address));
  const decimals = assetId === null ? undefined : registry.assets.get(assetId)?.decimals;
  if (reading === undefined || decimals === undefined) return null;
  const { amount, height, atMs, poll } = reading;
  return { amount: formatAmount(amount, decimals), height: `${height}`, at: formatTime(atMs), poll };
}

/** Which accounts, and which of their assets, are asked for. */
function filterOf(
  registry: Registry,
  { asset, grade, chain, flag }: Flags,
): Result<(account: ListedAccount) => ListedAccount | null> {
  if (grade !== undefined && !GRADES.includes(grade as Grade)) {
    return err(`grade ${quote(grade)} is not known${didYouMean(grade, GRADES)}; known are ${GRADES.join(', ')}`);
  }
  const slugs = [...registry.networks.keys()];
  const ids = [...registry.networksById.keys()];
  if (chain !== undefined && ![...slugs, ...ids].some((one) => one === chain)) {
    return err(`chain ${quote(chain)} is not known${didYouMean(chain, slugs)}`);
  }
  const named = asset?.toLowerCase();
  return ok((account) => {
    if (grade !== undefined && !account.grades.includes(grade as Grade)) return null;
    if (chain !== undefined && account.chain !== chain && account.network !== chain) return null;
    if (flag !== undefined && !account.flags.some((one) => one === flag || one.startsWith(`${flag}:`))) return null;
    if (named === undefined) return account;
    const assets = account.assets.filter((one) =>
      [one.asset, ...one.labels].some((name) => name?.toLowerCase() === named),
    );
    return assets.length === 0 ? null : { ...account, assets };
  });
}

const HEAD = ['entity', 'chain', 'address', 'asset', 'claimed', 'last read', 'at', 'grade', 'flags', 'printed as'];
const ROWS_A_PAGE = 500;

/** Writes accounts as they come, many at a time: a list has hundreds of thousands. */
function createPage(context: CliContext, json: boolean) {
  const { stdout } = context;
  let lines: string[] = [];
  let rows: (readonly string[])[] = [];
  let started = false;
  const flush = async (): Promise<void> => {
    if (json) await write(stdout, lines.join(''));
    else if (rows.length > 0 || !started) {
      const text = tableText(stdout, HEAD, rows, ['claimed', 'last read']);
      // Without a terminal the columns are named once.
      await write(stdout, started && !isTerminal(stdout) ? text.slice(text.indexOf('\n') + 1) : text);
    }
    started = true;
    lines = [];
    rows = [];
  };
  return {
    async add(account: Shown): Promise<void> {
      if (json) lines.push(`${stringifyJson(account)}\n`);
      else rows.push(...rowsOf(account));
      if (lines.length + rows.length >= ROWS_A_PAGE) await flush();
    },
    end: flush,
  };
}

const rowsOf = ({ entity, network, chain, address, addressTexts, assets, grades, flags }: Shown) =>
  assets.map(({ asset, labels, claimed, last }) => [
    entity,
    network ?? chain ?? '-',
    address ?? '-',
    asset ?? labels.join(' '),
    claimed ?? '-',
    last?.amount ?? '-',
    last?.at ?? '-',
    grades.join(' '),
    flags.join(' ') || '-',
    addressTexts.length === 1 && addressTexts[0] === address ? '-' : addressTexts.join(' '),
  ]);
