import { existsSync, readFileSync } from 'node:fs';
import type { Result } from '../src/domain/result.ts';
import { createField, type Field } from '../src/liabilities/okx-zk-v2/field.ts';
import { checkGlobal } from '../src/liabilities/okx-zk-v2/global.ts';
import { checkInclusion } from '../src/liabilities/okx-zk-v2/inclusion.ts';
import { circuitGiven } from '../src/liabilities/okx-zk-v2/pins.ts';
import type { Json } from '../src/lib/json.ts';
import { parseJsonQuick } from '../src/lib/json-quick.ts';
import { median } from './measure.ts';

const SAMPLE = '../shared/liabilities/okx-zk-v2/sum_proof_data.json';
const ROUNDS = 21;
const INCLUSIONS = 500;

/** The goals of issue 4, "Speed": multiples of the time of the Poseidon permutations alone, counted. */
const GOALS = { global: 3, inclusion: 1.2 };

/** Measures OKX zk v2 checks against their own permutations in the same run; 0 if both goals are met, else 3. */
export async function run(): Promise<number> {
  const field = createField();
  const inclusion = productionShaped();
  const results = [
    measure('inclusion of production shape', inclusion, INCLUSIONS, GOALS.inclusion, field, (json) =>
      checkInclusion(json, 'inclusion', { links: [], failed: 0 }, field),
    ),
  ];
  if (existsSync(SAMPLE)) {
    const text = readFileSync(SAMPLE, 'utf8');
    const pin = circuitGiven(/"root_verifier_data_hex":"([0-9a-f]+)"/.exec(text)?.[1] ?? '', 'its own');
    const pins = pin.ok ? [pin.value] : [];
    results.push(
      measure('global proof', text, 1, GOALS.global, field, (json) => checkGlobal(json, 'global', pins, field)),
    );
  } else say(`global proof: skipped, ${SAMPLE} is not there`);
  return results.every((met) => met) ? 0 : 3;
}

function measure(
  name: string,
  text: string,
  times: number,
  goal: number,
  field: Field,
  check: (json: Result<Json>) => unknown,
): boolean {
  const state = field.reserve(12);
  const parsing: number[] = [];
  const checking: number[] = [];
  let permutations = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = cpuMs();
    let json = parseJsonQuick(text);
    for (let i = 1; i < times; i += 1) json = parseJsonQuick(text);
    const parsed = cpuMs();
    const before = field.permutations();
    for (let i = 0; i < times; i += 1) check(json);
    const checked = cpuMs();
    permutations = field.permutations() - before;
    for (let i = 0; i < permutations; i += 1) field.permute(state);
    const alone = cpuMs() - checked;
    checking.push((checked - parsed) / alone);
    parsing.push((parsed - start) / alone);
  }
  const ratio = median(checking);
  say(`${name}: ${permutations / times} permutations each, median CPU time of ${ROUNDS} interleaved rounds`);
  say(
    `  check: ${ratio.toFixed(2)} x its permutations (first, cold: ${checking[0]?.toFixed(2)}); goal at most ${goal}`,
  );
  say(`  reading the JSON before it: ${median(parsing).toFixed(2)} x`);
  return ratio <= goal;
}

/** An inclusion as OKX publishes them: batches of 1,024, three levels of 64, 220 tokens; its root means nothing. */
function productionShaped(): string {
  let seed = 1;
  const hash = (): string =>
    Array.from({ length: 4 }, () => {
      seed = (seed * 48_271) % 0x7fff_ffff;
      return seed.toString(16).padStart(8, '0').repeat(2);
    })
      .join('')
      .slice(0, 64);
  const hashes = (count: number): string[] => Array.from({ length: count }, hash);
  return JSON.stringify({
    account: {
      id: 'ab'.repeat(32),
      equity: Array.from({ length: 220 }, (_, i) => (i % 4 === 0 ? `${1_000_000_007 * (i + 1)}` : '0')),
      debt: new Array(220).fill('0'),
    },
    index: 5 + 1024 * (3 + 64 * (7 + 64 * 2)),
    sum_tree_siblings: hashes(10),
    recursive_tree_siblings: [3, 7, 2].map((left) => ({ left_hashes: hashes(left), right_hashes: hashes(63 - left) })),
  });
}

/** CPU time of this process: other programs on the machine do not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
