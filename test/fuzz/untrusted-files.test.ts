import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/domain/limits.ts';
import { readableFile } from '../../src/lib/files.ts';
import { unpack } from '../../src/lib/unpack.ts';
import { loadRegistry } from '../../src/load-registry.ts';
import { makeZip } from '../fixtures/make-zip.ts';
import { LAYOUTS, type Layout, type Unit } from './documents.ts';
import { mutateBytes, mutateKnown } from './mutations.ts';
import { type Outcome, outcomeOf, piecesDiffer, violations } from './oracle.ts';
import { type Random, randomOf } from './random.ts';

const DOCUMENTS = Number(process.env['RW_FUZZ'] ?? 20_000);
const SEED = Number(process.env['RW_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** One document alone, to look at what failed. */
const ONLY = process.env['RW_FUZZ_AT'] === undefined ? null : Number(process.env['RW_FUZZ_AT']);

const registry = loadRegistry();
if (!registry.ok) throw new Error('the registry does not load');

interface Made {
  readonly layout: Layout;
  readonly bytes: Buffer;
  /** Null where bytes were changed, so that nothing is known of the outcome but what holds for every document. */
  readonly units: readonly Unit[] | null;
  /** The line at which each unit begins. */
  readonly starts: readonly number[];
}

function makeDocument(random: Random): Made {
  const layout = random.pick(LAYOUTS);
  const units = mutateKnown(layout.make(random), layout, random);
  const starts: number[] = [];
  const parts: string[] = [];
  let line = 1;
  for (const [at, unit] of units.entries()) {
    starts.push(line);
    const next = units[at + 1];
    const comma = layout.shape === 'json' && unit.kind === 'record' && next?.kind === 'record' ? ',' : '';
    const text = `${unit.text}${comma}\n`;
    parts.push(random.chance(6) ? text.replaceAll('\n', '\r\n') : text);
    line += text.split('\n').length - 1;
  }
  const text = `${random.chance(8) ? '\ufeff' : ''}${parts.join('')}`;
  const whole = Buffer.from(random.chance(8) ? text.replace(/\r?\n$/, '') : text);
  return random.chance(2)
    ? { layout, bytes: whole, units, starts }
    : { layout, bytes: mutateBytes(whole, random), units: null, starts };
}

/** What is known to be in the document and was not found, or was found as something else. */
function differences({ layout, units, starts }: Made, outcome: Outcome): readonly string[] {
  if (units === null) return [];
  const intact = units.some(({ kind, faulty }) => kind === 'record' && faulty === false);
  if (outcome.kind === 'refused' && !intact) return [];
  if (outcome.kind === 'refused') return [`refused: ${outcome.reason.slice(0, 200)}`];
  if (outcome.format !== layout.name) return [`read as ${outcome.format}`];
  const unknown = new Set(units.flatMap(({ faulty }, at) => (faulty === null ? [starts[at]] : [])));
  const byLine = layout.shape === 'line' || layout.shape === 'block';
  const found = outcome.items
    .filter((item) => !byLine || !unknown.has(item.kind === 'row' ? item.listed.row.line : item.fault.line))
    .map((item) => {
      if (item.kind === 'fault') return `${byLine ? item.fault.line : ''} fault`;
      const { line, label, addressText, amount } = item.listed.row;
      return `${byLine ? line : ''} ${label} ${addressText} ${amount}`;
    });
  const expected = units.flatMap(({ rows, faulty }, at) => {
    const line = byLine ? starts[at] : '';
    if (faulty === null) return [];
    return faulty
      ? [`${line} fault`]
      : rows.map(({ label, address, amount }) => `${line} ${label} ${address} ${amount}`);
  });
  const wrong = expected.flatMap((one, at) =>
    found[at] === one ? [] : [`${at}: expected ${one}, found ${found[at]}`],
  );
  return found.length === expected.length ? wrong : [`${expected.length} expected, ${found.length} found`, ...wrong];
}

async function check(made: Made): Promise<{ readonly wrong: readonly string[]; readonly outcome: Outcome }> {
  const known = (registry as Extract<typeof registry, { ok: true }>).value;
  const outcome = await outcomeOf(made.bytes, known);
  const pieces = made.layout.shape === 'line' ? await piecesDiffer(made.bytes, known, outcome) : [];
  return {
    outcome,
    wrong: [...violations(made.bytes, made.layout.shape, outcome), ...differences(made, outcome), ...pieces],
  };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('no published file', () => {
  it(`of ${DOCUMENTS} whole and damaged ones loses a record, makes an amount up or ends the program`, {
    timeout: 7_200_000,
  }, async () => {
    console.log(`seed ${SEED}: RW_FUZZ_SEED=${SEED} npm run fuzz -- ${DOCUMENTS}; one document: RW_FUZZ_AT=<number>`);
    const counts = new Map<string, { documents: number; refused: number; rows: number; faults: number }>();
    for (let at = ONLY ?? 0; at < (ONLY === null ? DOCUMENTS : ONLY + 1); at += 1) {
      const made = makeDocument(randomOf(SEED, at));
      if (ONLY !== null) console.log(JSON.stringify(made.bytes.toString('latin1')));
      const { wrong, outcome } = await check(made).catch((error: unknown) => {
        throw new Error(
          `document ${at} of seed ${SEED} (${made.layout.name}) ended the program: ${JSON.stringify(made.bytes.toString('latin1'))}`,
          { cause: error },
        );
      });
      if (wrong.length > 0) {
        expect.fail(
          `document ${at} of seed ${SEED} (${made.layout.name}):\n${wrong.join('\n')}\n${JSON.stringify(made.bytes.toString('latin1'))}`,
        );
      }
      const count = counts.get(made.layout.name) ?? { documents: 0, refused: 0, rows: 0, faults: 0 };
      counts.set(made.layout.name, count);
      count.documents += 1;
      if (outcome.kind === 'refused') count.refused += 1;
      else {
        count.rows += outcome.tally.rows.counted;
        count.faults += outcome.tally.rows.faults;
      }
    }
    console.table(Object.fromEntries([...counts].sort()));
    if (ONLY !== null || DOCUMENTS < 1000) return;
    // The check is worth something only while most documents are read, and rows and faults are many.
    expect([...counts.keys()].sort()).toEqual(LAYOUTS.map(({ name }) => name).sort());
    for (const [name, { documents, refused, rows, faults }] of counts) {
      expect(rows, name).toBeGreaterThan(documents);
      expect(faults, name).toBeGreaterThan(documents / 20);
      expect(refused, name).toBeLessThan(documents / 2);
    }
  });

  it('made of any pieces at all, smallest failure shown', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...LAYOUTS.map((layout) =>
          layout
            .make(randomOf(1, 1))
            .map(({ text }) => text)
            .join('\n'),
        ),
      ),
      fc.constantFrom(
        'coin,amount\n',
        'chain,address\n',
        'BTC,1\n',
        'address:\n',
        '- addr: a\n',
        '  balance: 1\n',
        '{',
        '"',
        ',',
        '\n',
        '\ufeff',
        '\u202e',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const bytes = Buffer.from(pieces.join(''));
        const { wrong } = await check({
          layout: { ...(LAYOUTS[0] as Layout), shape: 'entry' },
          bytes,
          units: null,
          starts: [],
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: Math.max(200, Math.floor(DOCUMENTS / 100)), seed: SEED },
    );
  });

  it('that is packed comes out of its container as it went in, or not at all', { timeout: 600_000 }, async () => {
    let unpacked = 0;
    const count = Math.max(400, Math.floor(DOCUMENTS / 50));
    for (let at = 0; at < count; at += 1) {
      const random = randomOf(SEED + 1, at);
      const { bytes } = makeDocument(random);
      const packed = random.chance(2)
        ? gzipSync(bytes)
        : makeZip([{ name: random.pick(['a.csv', '../a', 'b/__proto__', 'é']), content: bytes }]);
      const damaged = random.chance(4) ? packed : mutateBytes(packed, random);
      const path = join(folder, 'packed');
      writeFileSync(path, damaged);
      const file = await readableFile(path);
      if (!file.ok) throw new Error(file.error);
      const inner = await unpack(file.value, LIMITS);
      if (!inner.ok) continue;
      const chunks: Uint8Array[] = [];
      for await (const chunk of inner.value.open()) chunks.push(chunk);
      const out = Buffer.concat(chunks);
      expect(inner.value.size).toBe(out.length);
      // Where the damage hid the container itself, the bytes are a file of their own.
      expect(out.equals(bytes) || out.equals(damaged), `container ${at} of seed ${SEED}`).toBe(true);
      if (out.equals(bytes)) unpacked += 1;
    }
    expect(unpacked).toBeGreaterThan(count / 8);
  });
});
