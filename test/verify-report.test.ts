import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOf, digest32, HEADER_11, MESSAGE, sign, textDigest } from '../bench/evm-rows.ts';
import { createInlineChecker } from '../src/check-here.ts';
import { createThreadedChecker } from '../src/check-in-threads.ts';
import type { EntityId } from '../src/domain/ids.ts';
import { LIMITS } from '../src/domain/limits.ts';
import { bookOf } from '../src/domain/resolve-label.ts';
import type { ReadableFile } from '../src/lib/files.ts';
import { loadRegistry } from '../src/load-registry.ts';
import type { ProofChecker } from '../src/proof-checker.ts';
import { openReport } from '../src/read-report.ts';
import { createLineVerifier } from '../src/verify-lines.ts';
import { verifyReport } from '../src/verify-report.ts';

const WORKER = new URL('../dist/src/verify-worker.js', import.meta.url);
const loaded = loadRegistry();
if (!loaded.ok) throw new Error('the shipped registry does not load');
const registry = loaded.value;

function entityOf(id: string) {
  const entity = registry.entities.get(id as EntityId);
  if (!entity) throw new Error(`no ${id}`);
  return entity;
}

const accounts = Array.from({ length: 12 }, (_, number) => {
  const account = accountOf(number);
  return { ...account, signature: sign(account, digest32(MESSAGE)), plain: sign(account, textDigest(MESSAGE)) };
});
const at = (number: number) => accounts[number % accounts.length] as (typeof accounts)[number];

/** A published layout with what its lines may be. */
interface Layout {
  readonly entity: string;
  readonly head: readonly string[];
  readonly row: (coin: string, account: number, amount: string, message: string, signature: string) => string;
  readonly headers: readonly string[];
  readonly odd: readonly string[];
}

const LAYOUTS: readonly Layout[] = [
  {
    entity: 'okx',
    head: ['coin,amount', 'ETH,3.5', 'USDT,1', '', HEADER_11],
    row: (coin, account, amount, message, signature) =>
      `${coin},ETH,100,${at(account).address},${amount},${message},${signature},,,,`,
    headers: [HEADER_11, 'coin,amount', 'coin,Network,nonsense,address'],
    odd: [
      '',
      ' ,,, ',
      'short,row',
      'NOPE,NOWHERE,-,abc,1,m,s,,',
      'ETH,ETH,1,0x12,x,m,s,,,,',
      'ETH,"ETH,1,0x12',
      '[a,,,',
    ],
  },
  {
    entity: 'htx',
    head: ['coin,snapshot height,balance', 'ETH,-,3', '', 'coin,address,snapshot height,balance,message,signature'],
    row: (coin, account, amount, message, signature) =>
      `${coin},${at(account).address},5,${amount},${message},${signature}`,
    headers: ['coin,snapshot height,balance', 'coin,address,snapshot height,balance,message,signature'],
    odd: ['', `ETH,${at(1).address},-,-,${MESSAGE},${at(1).signature}`, 'E,a,1,1,m,s,x', 'ETH,0xb,-,-,htx,s', 'a,b'],
  },
];

const BAD_BYTES = Buffer.of(0xff, 0x2c, 0xc3);
const maxRecord = 700;

/** Lines of a file in that layout: mostly rows, and whatever else a border between pieces may cut. */
function linesOf(layout: Layout) {
  const number = fc.integer({ min: 0, max: 11 });
  const row = fc
    .record({
      coin: fc.constantFrom('ETH', 'USDT-ERC20', 'USDT', 'NOPE', '"ETH"'),
      account: number,
      amount: fc.constantFrom('1', '0.5', '12.000000000000000001', '0', '"7"'),
      message: fc.constantFrom(MESSAGE, `"${MESSAGE}"`, '"a, ""b"""', '[1,2]', '-', 'é 2024-01-02'),
      signer: number,
      kind: fc.constantFrom('own', 'own', 'own', 'plain', 'other', 'none'),
    })
    .map(({ coin, account, amount, message, signer, kind }) => {
      const signature =
        kind === 'own'
          ? at(account).signature
          : kind === 'plain'
            ? at(account).plain
            : kind === 'other'
              ? at(signer).signature.toUpperCase().replace('0X', '')
              : '-';
      return Buffer.from(layout.row(coin, account, amount, message, signature));
    });
  const odd = fc.constantFrom(
    ...layout.odd.map((text) => Buffer.from(text)),
    BAD_BYTES,
    Buffer.alloc(maxRecord + 9, 97),
  );
  const header = fc.constantFrom(...layout.headers.map((text) => Buffer.from(text)));
  const ordinary = fc.oneof({ arbitrary: row, weight: 5 }, { arbitrary: odd, weight: 1 });
  const withHeaders = fc.oneof({ arbitrary: ordinary, weight: 15 }, { arbitrary: header, weight: 1 });
  const ofMany = (line: fc.Arbitrary<Buffer>) => fc.array(line, { maxLength: 60, size: 'max' });
  return fc.oneof({ arbitrary: ofMany(ordinary), weight: 4 }, { arbitrary: ofMany(withHeaders), weight: 1 });
}

const fileOf = (bytes: Buffer): ReadableFile => ({
  name: 'list.csv',
  size: bytes.length,
  async *open() {
    for (let from = 0; from < bytes.length; from += 97) yield bytes.subarray(from, from + 97);
  },
});

async function verifyWith(checker: ProofChecker, bytes: Buffer, layout: Layout, limits = { ...LIMITS, maxRecord }) {
  const report = await openReport(fileOf(bytes), limits);
  if (!report.ok) return report;
  const entity = entityOf(layout.entity);
  const verified = await verifyReport(report.value, {
    registry,
    entity,
    book: bookOf(registry, entity),
    checker,
    salt: 'salt',
  });
  return verified.ok ? { ...verified.value, work: null } : verified;
}

/** Verifies whole lines in this thread, in pieces of that size. */
function pieced(pieceBytes: number): ProofChecker & { pieces: number } {
  let verify: ReturnType<typeof createLineVerifier> | null = null;
  const checker = {
    ...createInlineChecker(),
    pieces: 0,
    lines: {
      inFlight: 3,
      pieceBytes,
      async setUp(setup: Parameters<typeof createLineVerifier>[0]) {
        verify = createLineVerifier(structuredClone(setup));
      },
      async verify(bytes: Uint8Array<ArrayBuffer>) {
        checker.pieces += 1;
        const verified = await verify?.(structuredClone(bytes));
        return structuredClone(verified ?? null);
      },
    },
  };
  return checker;
}

const ends = fc.record({
  bom: fc.boolean(),
  newline: fc.constantFrom('\n', '\r\n'),
  last: fc.boolean(),
});

const fileFrom = (
  layout: Layout,
  lines: readonly Buffer[],
  { bom, newline, last }: { bom: boolean; newline: string; last: boolean },
) => {
  const all = [...layout.head.map((text) => Buffer.from(text)), ...lines];
  const parts = all.flatMap((line, index) => [line, Buffer.from(last || index < all.length - 1 ? newline : '')]);
  return Buffer.concat([Buffer.from(bom ? '\ufeff' : ''), ...parts]);
};

describe('a file verified in pieces', () => {
  it.each(LAYOUTS)('$entity: comes to exactly what it comes to when it is read in order', async (layout) => {
    let inPieces = 0;
    await fc.assert(
      fc.asyncProperty(linesOf(layout), ends, fc.integer({ min: 1, max: 2000 }), async (lines, how, pieceBytes) => {
        const bytes = fileFrom(layout, lines, how);
        const checker = pieced(pieceBytes);
        expect(await verifyWith(checker, bytes, layout)).toEqual(
          await verifyWith(createInlineChecker(), bytes, layout),
        );
        inPieces += checker.pieces;
      }),
      { numRuns: 150 },
    );
    expect(inPieces).toBeGreaterThan(500);
  });

  it('is read in order where a second header follows, and says so in no other way', async () => {
    const [layout] = LAYOUTS as [Layout];
    const row = Buffer.from(layout.row('ETH', 1, '1', MESSAGE, at(1).signature));
    const summary = ['coin,amount', 'BTC,1'].map((text) => Buffer.from(text));
    const bytes = fileFrom(layout, [row, row, ...summary], { bom: true, newline: '\r\n', last: false });
    const checker = pieced(10);
    const verified = await verifyWith(checker, bytes, layout);
    expect(checker.pieces).toBeGreaterThan(1);
    expect(verified).toEqual(await verifyWith(createInlineChecker(), bytes, layout));
    expect(verified).toMatchObject({ summaries: [{ label: 'ETH' }, { label: 'USDT' }, { label: 'BTC' }] });
  });

  it.skipIf(!existsSync(WORKER))(
    'comes to the same in threads, each distinct signature recovered once (needs the compiled worker in dist)',
    async () => {
      const [layout] = LAYOUTS as [Layout];
      const rows = Array.from({ length: 6000 }, (_, number) => {
        const account = accountOf(number % 700);
        const signature = number < 700 || number % 5 > 0 ? sign(account, digest32(MESSAGE)) : '-';
        const message = number % 3 === 0 ? `"${MESSAGE}"` : MESSAGE;
        return Buffer.from(`ETH,ETH,100,${account.address},${number}.5,${message},${signature},,,,`);
      });
      const bytes = fileFrom(layout, rows, { bom: true, newline: '\r\n', last: false });
      const threaded = createThreadedChecker(WORKER, 2);
      try {
        expect(await verifyWith(threaded, bytes, layout, LIMITS)).toEqual(
          await verifyWith(createInlineChecker(), bytes, layout, LIMITS),
        );
        expect(threaded.work()).toMatchObject({ threads: 2, curveOperations: 700 });
      } finally {
        await threaded.close();
      }
    },
  );

  it.skipIf(!existsSync(WORKER))(
    'comes to its own where two files are verified at once (needs the compiled worker in dist)',
    async () => {
      const files = LAYOUTS.map((layout) => {
        const rows = Array.from({ length: 2000 }, (_, number) =>
          Buffer.from(layout.row('ETH', number, `${number}.5`, MESSAGE, at(number).signature)),
        );
        return { layout, bytes: fileFrom(layout, rows, { bom: false, newline: '\n', last: true }) };
      });
      const alone = [];
      for (const { layout, bytes } of files) alone.push(await verifyWith(createInlineChecker(), bytes, layout, LIMITS));
      const checkers = files.map(() => createThreadedChecker(WORKER, 1));
      try {
        const together = files.map(({ layout, bytes }, n) =>
          verifyWith(checkers[n] as ProofChecker, bytes, layout, LIMITS),
        );
        expect(await Promise.all(together)).toEqual(alone);
      } finally {
        for (const checker of checkers) await checker.close();
      }
    },
  );
});

describe('cells that a file lists more than once', () => {
  it('are counted with their lines, whatever the spelling of the address, and still added up', async () => {
    const [layout] = LAYOUTS as [Layout];
    const again = at(1).address.toUpperCase().replace('0X', '0x');
    const lines = [
      layout.row('ETH', 1, '1', MESSAGE, at(1).signature),
      layout.row('ETH', 2, '1', MESSAGE, at(2).signature),
      layout.row('ETH', 1, '2', MESSAGE, at(1).signature).replace(at(1).address, again),
      layout.row('USDT-ERC20', 1, '5', MESSAGE, at(1).signature),
      layout.row('ETH', 1, '1', MESSAGE, at(1).signature),
    ].map((text) => Buffer.from(text));
    const bytes = fileFrom(layout, lines, { bom: false, newline: '\n', last: true });
    const verified = await verifyWith(pieced(150), bytes, layout);
    expect(verified).toMatchObject({ repeatedCells: { rows: 2, lines: [8, 10] } });
    expect(verified).toMatchObject({ totals: { assets: [{ asset: 'ETH', claimed: '5' }, { asset: 'USDT' }] } });
  });
});
