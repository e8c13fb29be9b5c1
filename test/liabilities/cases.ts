import { CHECKS } from '../../src/liabilities/check-names.ts';
import type {
  CircuitPin,
  LiabilityCheck,
  LiabilityKind,
  LiabilityOptions,
  RecognisedFile,
} from '../../src/liabilities/types.ts';
import { memoryFile } from './merkle/call.ts';

/** A file of a call; `bytes` is what it claims to have. */
export interface CaseFile {
  readonly kind: LiabilityKind;
  readonly text: string;
  readonly bytes?: number;
}
export type Files = Readonly<Record<string, CaseFile>>;

/** The files of one call, with what goes with them. */
export interface Call {
  readonly name: string;
  readonly files: Files;
  readonly circuits?: readonly CircuitPin[];
  /** Checks that are left out throughout: a proof of work that would take too long to do. */
  readonly off?: readonly string[];
  /** The files hand out lines only, not bytes. */
  readonly linesOnly?: true;
}

/** A call that one check alone refuses: without it, it gets the verdict of an honest one. */
export interface Case extends Call {
  readonly kind: LiabilityKind;
  /** The switch, which is the check's name but for parts of one check. */
  readonly check: string;
  /** The check that reports it, where it is another. */
  readonly reported?: string;
  /** The place of the entry among the results; −1 is the last. */
  readonly at?: number;
  /** An honest call whose entry it must equal without the check, for what can never be valid. */
  readonly like?: Files;
  /** Its circuits, where they are others. */
  readonly likeCircuits?: readonly CircuitPin[];
  /** The root is the file's own: all else must equal. */
  readonly sameButRoot?: true;
  /** What a check that does not refuse but leaves open makes of it. */
  readonly open?: true;
  /** Where a name has no switch, as what it refuses cannot be read as it stands: the condition of the source that is forced instead. */
  readonly byCondition?: string;
}

export type Check = (
  files: readonly RecognisedFile[],
  options: LiabilityOptions,
  disabled?: ReadonlySet<string>,
) => Promise<readonly LiabilityCheck[]>;

/** Runs a call, with more checks left out than it says. */
export function run(check: Check, { files, circuits = [], off = [], linesOnly }: Call, more: readonly string[] = []) {
  const opened = Object.entries(files).map(([name, { kind, text, bytes }]): RecognisedFile => {
    const { readChunks, ...lines } = memoryFile(name, text);
    const file = linesOnly ? lines : { ...lines, readChunks: readChunks! };
    return { kind, file: bytes === undefined ? file : { ...file, bytes } };
  });
  return check(opened, { circuits }, new Set([...off, ...more]));
}

export const failingOf = ({ checks }: LiabilityCheck): readonly string[] =>
  checks.filter(({ status }) => status === 'fail').map(({ name }) => name);

/** The name as check-names.ts lists it: numbers as `*`. */
export const listed = (name: string): string => name.replace(/(?<=-)\d+$/, '*');

/** Every name that a kind's checks may have. */
export const namesOf = (kind: LiabilityKind): readonly string[] => CHECKS[kind];
