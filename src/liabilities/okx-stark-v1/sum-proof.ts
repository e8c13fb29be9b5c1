import { isArray, type Json, field as member, smallInteger } from '../../lib/json.ts';
import type { Branch } from './merkle.ts';
import { BLOW_UP, SAMPLES } from './transcript.ts';

/** A row of the trace as it is opened beside a sampled one: net trace, coins (or their hash), id, random; in hex. */
export interface OpenedRow {
  readonly net: string;
  readonly coins: string;
  readonly id: string;
  readonly random: string;
}

/** What is opened at one sampled position x. */
export interface Sample {
  /** Everything at x: net, coins, id, four net quotients, two quotients for each main coin; in hex. */
  readonly here: string;
  /** One row on; its coins are given as their hash. */
  readonly next: OpenedRow;
  /** uts−1 rows on, and uts rows on. */
  readonly before: OpenedRow;
  readonly after: OpenedRow;
}

export interface FriLayer {
  readonly root: string;
  readonly columns: readonly Branch[];
  readonly values: readonly Branch[];
}

/** A sum proof whose every length is the one that its steps and coins demand; hex in lower case. */
export interface SumProof {
  readonly steps: number;
  readonly uts: number;
  readonly root: string;
  readonly linearRoot: string;
  readonly nonce: string;
  readonly traceBranches: readonly Branch[];
  readonly samples: readonly Sample[];
  readonly linearBranches: readonly Branch[];
  readonly layers: readonly FriLayer[];
  readonly last: readonly string[];
}

/** The sampling takes a domain below 2^24 points, hence at most 2^19 rows. */
const MOST_STEPS = 2 ** 19;
/** Folding ends where the degree bound is this or less. */
const LAST_BOUND = 16;

class ShapeFault extends Error {}
const fault = (text: string): never => {
  throw new ShapeFault(text);
};

/** The degree bounds of the FRI layers, largest first: four times the rows, then a quarter each, down to the last. */
export function degreeBounds(steps: number): number[] {
  const bounds = [4 * steps];
  while (bounds.at(-1)! > LAST_BOUND) bounds.push(bounds.at(-1)! / 4);
  return bounds;
}

/** Reads `sum_proof.json` for that many coins, or says what is wrong with it; nothing is hashed before all lengths fit. */
export function readSumProof(json: Json, coins: number, mainCoins: number): SumProof | string {
  try {
    return read(json, coins, mainCoins);
  } catch (error) {
    if (error instanceof ShapeFault) return error.message;
    throw error;
  }
}

function read(json: Json, coins: number, mainCoins: number): SumProof {
  const count = (key: string): number => {
    const value = smallInteger(member(json, key));
    return value !== undefined && Number.isInteger(Math.log2(value)) ? value : fault(`${key} is not a power of two`);
  };
  const [steps, uts] = [count('steps'), count('uts')];
  if (steps > MOST_STEPS || steps < 2 * uts || steps < 32) fault('steps is not between two users and 2^19');
  const depth = Math.log2(BLOW_UP * steps);
  const word = (key: string): string => hex(member(json, key), 32, key);
  const branches = (key: string, length: number): Branch[] => readBranches(member(json, key), length, depth, key);
  return {
    ...{ steps, uts },
    root: word('mtree_root'),
    linearRoot: word('l_mtree_root'),
    nonce: word('pow_nonce'),
    traceBranches: branches('mtree_branches', 4 * SAMPLES),
    samples: readSamples(member(json, 'mtree_entries_data'), coins, mainCoins),
    linearBranches: branches('l_mtree_branches', SAMPLES),
    ...readFri(member(json, 'low_degree_proof'), steps),
  };
}

function readSamples(json: Json | undefined, coins: number, mainCoins: number): Sample[] {
  const items = list(json, 4 * SAMPLES, 'mtree_entries_data');
  const row = (i: number, coinBytes: number): OpenedRow => {
    const where = `mtree_entries_data[${i}]`;
    const [net, b, id, random] = list(items[i], 4, where);
    return {
      net: hex(net, 32, where),
      coins: hex(b, coinBytes, where),
      id: hex(id, 32, where),
      random: hex(random, 32, where),
    };
  };
  return Array.from({ length: SAMPLES }, (_, i) => ({
    here: hex(items[4 * i], 32 * (1 + coins + 1 + 4 + 2 * mainCoins), `mtree_entries_data[${4 * i}]`),
    next: row(4 * i + 1, 32),
    before: row(4 * i + 2, 32 * coins),
    after: row(4 * i + 3, 32 * coins),
  }));
}

function readFri(json: Json | undefined, steps: number): Pick<SumProof, 'layers' | 'last'> {
  const bounds = degreeBounds(steps);
  const items = list(json, bounds.length, 'low_degree_proof');
  const layers = bounds.slice(0, -1).map((bound, i): FriLayer => {
    const where = `low_degree_proof[${i}]`;
    const [root, columns, values] = list(items[i], 3, where);
    const depth = Math.log2((bound * BLOW_UP) / 4);
    return {
      root: hex(root, 32, where),
      columns: readBranches(columns, SAMPLES, depth - 2, `${where} columns`),
      values: readBranches(values, 4 * SAMPLES, depth, `${where} values`),
    };
  });
  const size = (bounds.at(-1)! * BLOW_UP) / 4;
  const where = `low_degree_proof[${layers.length}]`;
  return { layers, last: list(items.at(-1), size, where).map((item) => hex(item, 32, where)) };
}

function readBranches(json: Json | undefined, length: number, depth: number, where: string): Branch[] {
  return list(json, length, where).map((branch) =>
    list(branch, depth + 1, where).map((node, i) => (node === '' && i > 0 ? '' : hex(node, 32, where))),
  );
}

function list(json: Json | undefined, length: number, where: string): readonly Json[] {
  return isArray(json) && json.length === length ? json : fault(`${where} is not a list of ${length}`);
}

function hex(json: Json | undefined, bytes: number, where: string): string {
  if (typeof json !== 'string' || json.length !== 2 * bytes || !/^[0-9a-fA-F]*$/.test(json))
    return fault(`${where} holds something else than ${bytes} bytes of hex`);
  return json.toLowerCase();
}
