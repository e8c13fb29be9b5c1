import type { Command } from 'commander';
import { setText } from '../alerts/set-text.ts';
import { type Attestation, listInUse, listWaiting, stateOf } from '../domain/attestation.ts';
import { type EntityId, quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { decidedByHand, listsBeginning } from '../judge-list.ts';
import type { Store } from '../seams.ts';
import { type CliContext, EXIT } from './context.ts';
import { fail, note, printJson, write } from './output.ts';

interface Flags {
  readonly entity?: string;
  readonly note?: string;
  readonly db?: string;
  readonly json?: boolean;
}

const DECISIONS = [
  { name: 'approve', state: 'approved', does: 'let a kept list be used from the next look on' },
  { name: 'reject', state: 'rejected', does: 'keep a list and never use it; the approved one before it stands' },
] as const;

/** `report approve <sha256>` and `report reject <sha256>`. */
export function registerDecisions(report: Command, context: CliContext): void {
  for (const { name, state, does } of DECISIONS) {
    report
      .command(name)
      .argument('<sha256>', "the list's sha256, or its first six digits or more")
      .description(does)
      .option('--entity <id>', 'whose list it is, where several keep the file')
      .option('--note <text>', 'why, kept with the decision')
      .option('--db <path>', "database (default: the config's)")
      .option('--json', 'print {schema, data, warnings} instead of text')
      .action((prefix: string, flags: Flags) => runDecision(context, prefix, state, flags));
  }
}

async function runDecision(
  context: CliContext,
  prefix: string,
  state: (typeof DECISIONS)[number]['state'],
  flags: Flags,
): Promise<void> {
  const opened = await context.openStore(flags.db ?? null, { mustExist: true });
  if (!opened.ok) return fail(context, EXIT.usage, opened.error);
  const { store } = opened.value;
  try {
    const found = findList(store, prefix.toLowerCase(), flags.entity);
    if (!found.ok) return await fail(context, EXIT.usage, found.error);
    const { file, entity } = found.value;
    const changed = stateOf(found.value) !== state;
    if (changed) {
      store.decideReport(file.sha256, entity, decidedByHand(state, context.clock.now(), flags.note ?? null));
    }
    const inUse = listInUse(store.reports(entity));
    if (flags.json) {
      const data = { entity, report: file.sha256, state, changed, inUse: inUse?.file.sha256 ?? null };
      await printJson(context, 'reservewatch.decision/1', data);
    } else {
      const what = changed ? `is ${state}` : `was ${state} already, nothing was changed`;
      await write(context.stdout, `${quote(file.name)} of ${entity}, sha256 ${file.sha256}, ${what}\n`);
    }
    if (inUse === null) await note(context, `no list of ${entity} is in use now`);
    else if (inUse.file.sha256 === file.sha256) await note(context, 'it is in use from the next look on');
    else await note(context, `in use is ${quote(inUse.file.name)}, sha256 ${inUse.file.sha256}`);
  } finally {
    store.close();
  }
}

const LEAST_DIGITS = 6;

function findList(store: Store, prefix: string, entity: string | undefined): Result<Attestation> {
  if (!/^[0-9a-f]{1,64}$/.test(prefix) || prefix.length < LEAST_DIGITS)
    return err(`${quote(prefix)} must be a sha256, or at least its first ${LEAST_DIGITS} hex digits: see report list`);
  const kept = store.reports().filter((one) => entity === undefined || one.entity === (entity as EntityId));
  const [first, ...others] = listsBeginning(kept, prefix);
  if (first === undefined)
    return err(
      `no kept list${entity === undefined ? '' : ` of ${quote(entity)}`} begins with ${quote(prefix)}: see report list`,
    );
  if (others.some(({ file }) => file.sha256 !== first.file.sha256))
    return err(`several kept lists begin with ${quote(prefix)}: give more of its digits`);
  if (others.length > 0)
    return err(
      `that list is kept for ${[first, ...others].map((one) => one.entity).join(' and ')}: say whose with --entity`,
    );
  return ok(first);
}

/** What the operator is told of a list that he imported: how its set changed, and whether it is used (`byHand`: by this import). One sentence each. */
export function arrivalNotes(list: Attestation, reports: readonly Attestation[], byHand: boolean): readonly string[] {
  const notes = list.change === undefined ? [] : [setText(list.change)];
  const inUse = listInUse(reports);
  if (listWaiting(reports)?.file.sha256 === list.file.sha256)
    return [
      ...notes,
      `It waits and is not used; next: reservewatch report approve ${list.file.sha256} --entity ${list.entity}`,
    ];
  if (inUse?.file.sha256 === list.file.sha256)
    return [
      ...notes,
      `${byHand ? 'Importing it by hand approves it: it is in use from the next look on' : 'It is in use'} (set version ${list.set.version}).`,
    ];
  const state = stateOf(list);
  return [
    ...notes,
    state === 'approved'
      ? `In use stays sha256 ${inUse?.file.sha256 ?? 'none'}.`
      : `It is ${state} and not used; report approve changes that.`,
  ];
}

/** Where a list stands among its entity's lists, in a word for people and machines. */
export function listState(list: Attestation, own: readonly Attestation[]): string {
  if (listInUse(own)?.file.sha256 === list.file.sha256) return 'in use';
  const state = stateOf(list);
  // A list that waited while a newer one was approved is asked about no more.
  return state === 'waiting' && listWaiting(own)?.file.sha256 !== list.file.sha256 ? 'passed over' : state;
}
