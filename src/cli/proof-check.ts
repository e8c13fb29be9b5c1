import type { Command } from 'commander';
import { createProofChecker } from '../check-proofs.ts';
import { escapeText } from '../domain/ids.ts';
import type { Grade, OwnershipProof, OwnershipVerdict } from '../domain/ownership.ts';
import { combinedBook } from '../domain/resolve-label.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { explainProof } from '../explain-proof.ts';
import { readableFile } from '../lib/files.ts';
import { field, isObject, type Json, parseJson, smallInteger, stringifyJson } from '../lib/json.ts';
import { type PhysicalLine, splitLines } from '../lib/lines.ts';
import type { ProofChecker } from '../proof-checker.ts';
import { createLabelResolver, createMessageFlags, type Target } from '../verify-ownership.ts';
import { type CliContext, EXIT, type ExitCode, worstExit } from './context.ts';
import { explanationText } from './explain-text.ts';
import { fail, note, write } from './output.ts';

/** `proof check [file]`: a verdict for each line of NDJSON. */
export function register(program: Command, context: CliContext): void {
  const proof = program.commands.find((command) => command.name() === 'proof') ?? program.command('proof');
  proof.description('work with single ownership proofs');
  proof
    .command('check')
    .argument(
      '[file]',
      'NDJSON with id, asset, network, address, message, signature1, signature2, script_or_pubkey, owner1, owner2, row_type (default: stdin)',
    )
    .description('grade ownership proofs, one JSON line in, one out, in the same order')
    .option('--explain', 'say of each proof what was hashed, recovered and compared, as text')
    .option('--json', 'with --explain: as a field `explanation` of its JSON line')
    .action((path: string | undefined, flags: Flags) => checkProofs(context, path, flags));
}

interface Flags {
  readonly explain?: boolean;
  readonly json?: boolean;
}

interface Asked {
  readonly id: string | number | null;
  readonly proof: Result<OwnershipProof>;
}

interface Answer {
  readonly id: string | number | null;
  readonly verdict: OwnershipVerdict;
}

async function checkProofs(context: CliContext, path: string | undefined, flags: Flags): Promise<void> {
  const registry = await context.registry();
  if (!registry.ok) return fail(context, EXIT.usage, registry.error);
  const file = path === undefined ? ok({ size: 0, open: () => context.stdin }) : await readableFile(path);
  if (!file.ok) return fail(context, EXIT.usage, file.error);
  const resolve = createLabelResolver(registry.value, combinedBook(registry.value));
  const checker = await createProofChecker(file.value.size);
  const grades = new Map<Grade, number>();
  try {
    const lines = splitLines(file.value.open());
    for await (const batch of inBatches(lines, checker.batch)) {
      const asked = batch.map(readLine);
      const answers = await answerBatch(asked, checker, resolve);
      for (const { verdict } of answers) grades.set(verdict.grade, (grades.get(verdict.grade) ?? 0) + 1);
      if (flags.explain) await writeExplained(context, asked, answers, resolve, flags.json === true);
      else await write(context.stdout, answers.map(answerLine).join(''));
    }
  } finally {
    await checker.close();
  }
  if (grades.size === 0) await note(context, 'no line came in: nothing was checked');
  if (checker.work().secp256k1 !== 'native') {
    await note(context, 'warning: the native secp256k1 library could not be loaded, JavaScript does the work');
  }
  context.exit(exitOf(grades));
}

function exitOf(grades: ReadonlyMap<Grade, number>): ExitCode {
  const bad = grades.has('invalid') || grades.has('partial');
  const open = grades.has('undecided') || grades.size === 0;
  return worstExit(bad ? EXIT.bad : EXIT.good, open ? EXIT.undecided : EXIT.good);
}

/** As many lines at a time as came together, at most `size`: whoever writes to a pipe may wait for the answer before going on. */
async function* inBatches<T>(chunks: AsyncIterable<readonly T[]>, size: number): AsyncGenerator<readonly T[]> {
  for await (const items of chunks) {
    for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
  }
}

function readLine({ text, fault }: PhysicalLine): Asked {
  if (fault !== undefined) return { id: null, proof: err(fault) };
  const json = parseJson(text);
  if (!json.ok) return { id: null, proof: json };
  if (!isObject(json.value)) return { id: null, proof: err('the line is JSON but not an object') };
  const id = field(json.value, 'id');
  return { id: typeof id === 'string' ? id : (smallInteger(id) ?? null), proof: readProof(json.value) };
}

/** What published files print for «nothing», for the fields where it can be nothing else. */
const PLACEHOLDER = /^\s*(?:|-|null|\\n)\s*$/i;

function readProof(json: Json): Result<OwnershipProof> {
  const wrong: string[] = [];
  const text = (key: string): string | null => {
    const value = field(json, key);
    if (value === undefined || value === null) return null;
    if (typeof value === 'string') return value;
    wrong.push(key);
    return null;
  };
  const cell = (key: string): string | null => {
    const value = text(key);
    return value === null || PLACEHOLDER.test(value) ? null : value;
  };
  const addressText = cell('address');
  const proof: OwnershipProof = {
    label: cell('asset') ?? '',
    network: cell('network'),
    addressText: addressText ?? '',
    message: text('message'),
    signature1: cell('signature1'),
    signature2: cell('signature2'),
    scriptOrPubkey: cell('script_or_pubkey'),
    owner1: cell('owner1'),
    owner2: cell('owner2'),
    rowType: cell('row_type'),
  };
  if (wrong.length > 0) return err(`${wrong.join(', ')} must be text`);
  return addressText === null ? err('address is missing') : ok(proof);
}

/** Nobody says whose proofs these are: no message is foreign. */
const messageFlags = createMessageFlags([]);

async function answerBatch(
  asked: readonly Asked[],
  checker: ProofChecker,
  resolve: (label: string, network: string | null) => Target,
): Promise<readonly Answer[]> {
  const proofs = asked.flatMap(({ proof }) => (proof.ok ? [proof.value] : []));
  const checked = await checker.check(
    proofs.map((proof) => ({ proof, network: resolve(proof.label, proof.network).network })),
  );
  let next = 0;
  return asked.map(({ id, proof }): Answer => {
    if (!proof.ok) return { id, verdict: { grade: 'undecided', scheme: null, reason: proof.error, flags: [] } };
    const verdict = checked[next]?.verdict as OwnershipVerdict;
    next += 1;
    return { id, verdict: { ...verdict, flags: [...verdict.flags, ...messageFlags(proof.value)] } };
  });
}

const answerOf = ({ id, verdict: { grade, scheme, reason, flags } }: Answer) => ({ id, grade, scheme, reason, flags });

const answerLine = (answer: Answer): string => `${stringifyJson(answerOf(answer))}\n`;

async function writeExplained(
  context: CliContext,
  asked: readonly Asked[],
  answers: readonly Answer[],
  resolve: (label: string, network: string | null) => Target,
  json: boolean,
): Promise<void> {
  for (const [at, { id, proof }] of asked.entries()) {
    const answer = answers[at] as Answer;
    const explanation = proof.ok
      ? await explainProof(proof.value, resolve(proof.value.label, proof.value.network), messageFlags)
      : null;
    if (json) await write(context.stdout, `${stringifyJson({ ...answerOf(answer), explanation })}\n`);
    else {
      const text = explanation === null ? `${escapeText(answer.verdict.reason ?? '')}\n` : explanationText(explanation);
      await write(context.stdout, `${id === null ? 'a line without id' : escapeText(`${id}`)}\n${text}\n`);
    }
  }
}
