import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register as registerHistory } from '../../src/cli/history.ts';
import { register as registerReport } from '../../src/cli/report.ts';
import { register as registerVerify } from '../../src/cli/verify.ts';
import { ok } from '../../src/domain/result.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCli } from '../fakes/run-cli.ts';

const FOLDER = '../shared/real-data/htx-por-history';
const present = existsSync(FOLDER);
if (!present) console.log('trust over two years of HTX lists: skipped, ../shared/real-data is not here');

const DAY_S = 86_400;
const fileOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .slice(text.split('\n').findIndex((line) => line.startsWith('coin,address')) + 1)
    .map((line) => line.trim().split(','));
const dayOf = (name: string): string => name.replace(/^huobi_por_(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3');
const daysBetween = (a: string, b: string): number => (Date.parse(b) - Date.parse(a)) / 1000 / DAY_S;

describe.skipIf(!present)('trust over two years of HTX lists', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reservewatch-htx-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const openStoreHere = async () => {
    const store = openStore(join(folder, 'htx.db'), { clock: systemClock });
    if (!store.ok) throw new Error(store.error);
    return ok({ store: store.value, archiveFolder: join(folder, 'reports') });
  };
  const names = present
    ? readdirSync(FOLDER)
        .filter((name) => name.startsWith('huobi_por_'))
        .sort()
    : [];

  it('has the age of each signature right, whatever the order of the imports', async () => {
    // Newest first, but for one: the ages below may not depend on it.
    const order = [names[7] as string, ...names.filter((_, at) => at !== 7).reverse()];
    for (const name of order) {
      const flags = ['--entity', 'htx', '--as-of', `${dayOf(name)}T00:00:00Z`, '--json'];
      const result = await runCli(registerReport, ['report', 'import', join(FOLDER, name), ...flags], {
        openStore: openStoreHere,
      });
      expect(result.code, `${name}: ${result.stderr}`).toBe(0);
    }
    const store = (await openStoreHere()).value.store;
    // Told from the files by the columns alone.
    const firstSeen = new Map<string, string>();
    for (const name of names) {
      for (const cells of fileOf(readFileSync(join(FOLDER, name), 'utf8'))) {
        const signature = cells[5] ?? '';
        if (signature.length > 20 && !firstSeen.has(signature)) firstSeen.set(signature, dayOf(name));
      }
    }
    expect(firstSeen.size).toBeGreaterThan(70);
    for (const [signature, day] of firstSeen) {
      expect(store.signatureHistory(signature)).toMatchObject([
        { entity: 'htx', first: { atMs: Date.parse(day) }, addresses: 1 },
      ]);
    }
    for (const name of names) {
      const list = store.reports().find(({ file }) => file.name === name);
      if (list === undefined) throw new Error(name);
      const signatures = new Set(
        fileOf(readFileSync(join(FOLDER, name), 'utf8')).flatMap(([, , , , , one = '']) =>
          one.length > 20 ? [one] : [],
        ),
      );
      const isFresh = (one: string): boolean => firstSeen.get(one) === dayOf(name);
      const old = [...signatures].filter((one) => !isFresh(one)).map((one) => firstSeen.get(one) as string);
      expect(store.signatureSummary(list.file.sha256, list.entity)).toMatchObject({
        fresh: signatures.size - old.length,
        seenBefore: old.length,
        oldest: old.length === 0 ? null : { atMs: Date.parse(old.sort()[0] as string) },
        reused: 0,
      });
    }
    expect(store.check().faults).toEqual([]);
    store.close();
  });

  it('is shown a list at a time, oldest first', async () => {
    const run = (...flags: readonly string[]) =>
      runCli(registerHistory, ['history', 'htx', 'BTC', '--trust', ...flags], { openStore: openStoreHere });
    const json = await run('--json');
    const { schema, data } = JSON.parse(json.stdout) as {
      readonly schema: string;
      readonly data: readonly Record<string, unknown>[];
    };
    expect([json.code, schema, data.length]).toEqual([0, 'reservewatch.trust-history/1', 24]);
    // Most of the first list's signatures are missing from this copy of it; those that are there are in nobody's name.
    expect(data[0]).toMatchObject({ asOf: '2022-12-01T00:00:00.000Z', oldestSignature: null, named: { ppm: 0 } });
    // The same undated signatures ever since: they were 669 days old in the last list.
    expect(data.at(-1)).toMatchObject({
      claimed: '21145.25',
      dated: { amount: '0', ppm: 0 },
      oldestSignature: {
        firstSeen: '2023-02-01T00:00:00.000Z',
        ageSeconds: daysBetween('2023-02-01', '2024-12-01') * DAY_S,
      },
    });
    const text = await run('--limit', '2');
    expect(text.stdout.split('\n')).toHaveLength(4);
    expect(text.stdout).toContain('98.24 %\t1.75 %\t0.00 %\t97.98 %\t2023-02-01\t669 days');
    expect((await run('--from', '2025-01-01T00:00:00Z')).code).toBe(4);
  });

  it('is part of what verify says of a kept list', async () => {
    const last = join(FOLDER, names.at(-1) as string);
    const run = (path: string, ...flags: readonly string[]) =>
      runCli(registerVerify, ['verify', path, '--entity', 'htx', ...flags], { openStore: openStoreHere });
    const trustOf = (stdout: string) =>
      (JSON.parse(stdout) as { readonly data: { readonly trust: readonly Record<string, unknown>[] } }).data.trust;
    const kept = await run(last, '--json', '--db', 'htx.db');
    expect(trustOf(kept.stdout)[0]).toMatchObject({
      asset: 'BTC',
      undated: { rows: 7 },
      foreign: { rows: 3 },
      messageDate: null,
      oldestSignature: { firstSeen: '2023-02-01T00:00:00.000Z' },
    });
    expect(trustOf((await run(last, '--json')).stdout)[0]).toMatchObject({ oldestSignature: null });
    const text = (await run(last, '--db', 'htx.db')).stdout;
    expect(text).toMatch(
      /\d+ rows sign a message without date, height or nonce, which may have been signed at any time: BTC /,
    );
    expect(text).toMatch(/\d+ rows sign a message that does not name HTX, and so prove nothing for it: BTC /);
    expect(text).toContain('Oldest signature behind a proven row, as first seen in a kept list: BTC 2023-02-01 (');
    const copy = join(folder, 'another.csv');
    writeFileSync(copy, `${readFileSync(last, 'utf8')}\n`);
    expect((await run(copy, '--json', '--db', 'htx.db')).stdout).toContain('does not keep this list');
  });
});
