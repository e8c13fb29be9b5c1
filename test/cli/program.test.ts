import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Anvil, freePort, startAnvil } from '../../demo/nodes/anvil.ts';
import { type FaultProxy, startFaultProxy } from '../fakes/fault-proxy.ts';
import { html, resultOf } from '../fakes/faults.ts';
import { jsonLines } from '../fakes/run-cli.ts';
import { scriptedReceiver } from '../fakes/scripted-receiver.ts';
import { type TestConfig, type TestProvider, writeTestConfig } from '../fixtures/config.ts';
import { openTestExchange, type TestExchange } from '../fixtures/exchange.ts';
import { type Ended, runProgram, startProgram } from '../fixtures/program.ts';

const root = mkdtempSync(join(tmpdir(), 'reservewatch-program-'));
let anvil: Anvil;
let exchange: TestExchange;
let alpha: FaultProxy;
let beta: FaultProxy;

beforeAll(async () => {
  anvil = await startAnvil();
  exchange = await openTestExchange(anvil);
  [alpha, beta] = (await Promise.all([startFaultProxy(anvil.url), startFaultProxy(anvil.url)])) as [
    FaultProxy,
    FaultProxy,
  ];
});
afterEach(() => {
  alpha.setFault(null);
  beta.setFault(null);
});
afterAll(async () => {
  await alpha?.close();
  await beta?.close();
  await anvil?.stop();
  rmSync(root, { recursive: true, force: true });
});

const two = (): TestProvider[] => [
  { name: 'alpha-1', group: 'alpha', url: alpha.url },
  { name: 'beta-1', group: 'beta', url: beta.url },
];

/** A new folder with a config and a list. */
function home(name: string, over: Partial<TestConfig> = {}): string {
  const folder = join(root, name);
  writeTestConfig(folder, exchange, { providers: two(), ...over });
  return folder;
}
function emptyFolder(name: string): string {
  mkdirSync(join(root, name), { recursive: true });
  return join(root, name);
}

const run = (cwd: string, ...args: readonly string[]): Promise<Ended> => runProgram(args, { cwd });
const keysOf = (value: unknown): string[] => Object.keys(value as object);
interface Envelope<T> {
  readonly schema: string;
  readonly data: T;
  readonly warnings: readonly string[];
}
const json = <T>({ stdout }: Ended): Envelope<T> => {
  expect(stdout.trim().split('\n')).toHaveLength(1);
  return JSON.parse(stdout) as Envelope<T>;
};

interface PointJson {
  readonly values: Record<string, { readonly lo: unknown; readonly hi: unknown } | null>;
  readonly [key: string]: unknown;
}
interface PollJson {
  readonly quality: string;
  readonly sources: readonly (Record<string, unknown> & { readonly cells: Record<string, number> })[];
  readonly failures: readonly Record<string, unknown>[];
  readonly points: readonly PointJson[];
}

/** The keys of a point in design section 8; more may be there. */
const POINT_KEYS = [
  ...['entity', 'asset', 'at', 'kind', 'quality', 'claimed', 'custody', 'observed', 'proven', 'claimedUnread'],
  ...['liabilities', 'values', 'status'],
];

function expectPoint(point: PointJson, expected: Record<string, unknown>): void {
  expect(keysOf(point)).toEqual(expect.arrayContaining(POINT_KEYS));
  expect(keysOf(point['liabilities'])).toEqual(
    expect.arrayContaining(['amount', 'asOf', 'ageSeconds', 'source', 'grade', 'binding']),
  );
  expect(keysOf(point.values)).toEqual(['observed', 'proven', 'observed+custody']);
  expect(point).toMatchObject(expected);
}

describe('poll --once, and what reads after it', () => {
  it('looks, stores and answers in the documented shapes', async () => {
    const folder = home('polled', { every: '10m' });
    const polled = await run(folder, 'poll', '--once', '--json');
    expect([polled.code, polled.stderr]).toEqual([
      0,
      expect.stringContaining('example: imported por.csv (okx-csv-11), 4 rows, 0 faults'),
    ]);
    const { schema, data, warnings } = json<PollJson>(polled);
    expect([schema, warnings]).toEqual(['reservewatch.poll/1', []]);
    expect(data).toMatchObject({ poll: 1, entity: 'example', quality: 'complete', failures: [] });
    expect(data.sources).toMatchObject([
      {
        chain: 'eip155:31337',
        height: expect.stringMatching(/^\d+$/),
        blockHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        finality: 'final',
        assurance: 'A2',
        groups: ['alpha', 'beta'],
        requests: expect.any(Number),
        cells: { asked: 4, read: 4, failed: 0, changed: 4 },
      },
    ]);
    const figures = {
      ...{ entity: 'example', asset: 'USDX', kind: 'coverage', quality: 'complete', status: 'ok' },
      ...{ claimed: '1040000', custody: null, claimedUnread: '0', observed: { lo: '1040000', hi: '1040000' } },
      proven: { lo: '1040000', hi: '1040000' },
      liabilities: { amount: '1000000', grade: 'stated', binding: 'none' },
    };
    expect(data.points).toHaveLength(1);
    expectPoint(data.points[0] as PointJson, figures);

    const [ratio, strict, none, history, status, check, list] = await Promise.all([
      run(folder, 'ratio', '--json'),
      run(folder, 'ratio', 'example', 'USDX', '--fail-under', '105%'),
      run(folder, 'ratio', 'example', 'BTC', '--json'),
      run(folder, 'history', 'example', 'USDX', '--json'),
      run(folder, 'status', '--json'),
      run(folder, 'db', 'check'),
      run(folder, 'report', 'list', '--json'),
    ]);
    expect(ratio.code).toBe(0);
    const answer = json<readonly PointJson[]>(ratio);
    expect([answer.schema, answer.data.length]).toEqual(['reservewatch.ratio/1', 1]);
    expectPoint(answer.data[0] as PointJson, figures);
    const value = { num: '1040000000000', den: '1000000000000', ppm: '1040000' };
    expect(answer.data[0]?.values).toEqual({
      observed: { lo: value, hi: value },
      proven: { lo: value, hi: value },
      'observed+custody': null,
    });
    expect(strict.code).toBe(3);
    const trust = {
      claimed: '1040000',
      grades: { 'address-bound': { amount: '1040000', ppm: 1_000_000 }, listed: { amount: '0', ppm: 0 } },
      dated: { amount: '0', ppm: 0 },
      undated: { rows: 2, amount: '1040000', ppm: 1_000_000 },
      messageDate: null,
      oldestSignature: { firstSeen: expect.stringMatching(/Z$/), ageSeconds: expect.any(Number) },
      report: json<readonly { readonly file: { readonly sha256: string } }[]>(list).data[0]?.file.sha256,
    };
    expect(answer.data[0]).toMatchObject({ trust });
    expect(strict.stdout).toContain('of the claims 100.00 % address-bound; dated 0.00 %; in its own name 100.00 %');
    expect([none.code, json<unknown[]>(none).data]).toEqual([4, []]);
    expect([history.code, json<readonly unknown[]>(history)]).toMatchObject([
      0,
      { schema: 'reservewatch.history/1', data: [{ poll: 1, asset: 'USDX', trust }] },
    ]);
    expect([status.code, json<unknown>(status)]).toMatchObject([
      0,
      {
        schema: 'reservewatch.status/1',
        data: { entities: [{ entity: 'example', alerts: [], late: false }], deliveries: { pending: 0, dead: 0 } },
      },
    ]);
    expect([check.code, check.stdout]).toEqual([0, expect.stringMatching(/^clean: 1 polls?/)]);
    expect(json<readonly unknown[]>(list).data).toHaveLength(1);

    // The same point, judged by a config in which it is too old by now: a daemon that died is not a good ratio.
    const strictly = readFileSync(join(folder, 'reservewatch.yaml'), 'utf8').replace(
      'data: {',
      'data: { maxSnapshotAge: 1s,',
    );
    writeFileSync(join(folder, 'strict.yaml'), strictly);
    const old = await run(folder, '--config', 'strict.yaml', 'ratio', '--json');
    expect([old.code, json<unknown>(old).data]).toMatchObject([4, [{ quality: 'stale', status: 'unknown' }]]);
  });

  it('says what is missing: 4 without a complete point, 5 where only some sources failed', async () => {
    const folder = home('gaps');
    beta.setFault(html);
    const bad = await run(folder, 'poll', '--once', '--json');
    expect(bad.code).toBe(4);
    const { data } = json<PollJson>(bad);
    expect(data.quality).toBe('incomplete');
    expect(data.failures).toHaveLength(4);
    expect(keysOf(data.failures[0])).toEqual(expect.arrayContaining(['chain', 'address', 'asset', 'code', 'provider']));
    expect(data.failures[0]).toMatchObject({ code: 'bad_content', provider: 'beta-1' });
    expect(data.points[0]).toMatchObject({
      quality: 'incomplete',
      observed: { lo: '0', hi: '1040000' },
      status: 'unknown',
    });
    const [ratio, text] = await Promise.all([
      run(folder, 'ratio'),
      run(folder, 'poll', '--once', '--entity', 'example'),
    ]);
    expect(ratio.code).toBe(4);
    expect(text.stderr).toContain('beta-1 bad_content');

    // The token's code is gone at one provider: its cells are withheld, the coin's are read.
    beta.setFault(resultOf('eth_getCode', '0x'));
    const partly = await run(home('partly', { asset: 'ETH', owed: 19_000n }), 'poll', '--once', '--json');
    expect(partly.code).toBe(5);
    expect(json<PollJson>(partly).data).toMatchObject({ points: [{ asset: 'ETH', quality: 'complete' }] });
  });

  it('ends with 4, not with a bug, where the deadline comes first', async () => {
    const folder = home('late', { deadline: '1s', timeout: '30s' });
    beta.setFault({ kind: 'hang' });
    alpha.setFault({ kind: 'latency', ms: 900 });
    const late = await run(folder, 'poll', '--once', '--json');
    expect([late.code, late.stderr]).toEqual([4, expect.not.stringContaining('bug')]);
    expect(json<PollJson>(late).data.points).toMatchObject([{ quality: 'incomplete' }]);
  });
});

describe('questions about nothing', () => {
  it('make no database, end with 2 and say what to do next', async () => {
    const folder = emptyFolder('nothing');
    const asked = [
      ['ratio'],
      ['history', 'example', 'USDX'],
      ['status'],
      ['db', 'check'],
      ['db', 'stats'],
      ['report', 'list'],
      ['ratio', '--db', 'mistyped.db'],
    ];
    const ends = await Promise.all(asked.map((args) => run(folder, ...args)));
    for (const [index, { code, stderr, stdout }] of ends.entries()) {
      expect([asked[index], code, stdout]).toEqual([asked[index], 2, '']);
      expect(stderr).toMatch(/there is no database at/);
    }
    expect(readdirSync(folder)).toEqual([]);
    const configured = home('configured');
    const doctor = await run(configured, 'doctor', '--json');
    expect(doctor.code).toBe(0);
    expect(existsSync(join(configured, 'data'))).toBe(false);
  });

  it('do not overlook a config that is wrong', async () => {
    const folder = home('wrong');
    writeFileSync(join(folder, 'reservewatch.yaml'), 'polls: {}\n');
    const ends = await Promise.all([
      run(folder, 'ratio', '--db', 'data/test.db'),
      run(folder, 'status'),
      run(folder, 'poll', '--once'),
      run(folder, '--config', 'missing.yaml', 'ratio'),
    ]);
    expect(ends.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(ends[0]?.stderr).toMatch(/reservewatch\.yaml:1:\d+: .*polls/);
  });
});

describe('doctor', () => {
  it('proves each endpoint, and has one remedy a fault: 3 for another chain, 4 for nobody there', async () => {
    const folder = home('doctor');
    const well = await run(folder, 'doctor', '--json');
    expect(well.code).toBe(0);
    const { schema, data } =
      json<readonly { check: string; status: string; detail: string; remedy: string | null }[]>(well);
    expect(schema).toBe('reservewatch.doctor/1');
    expect(data.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'runtime',
        'sqlite',
        'crypto',
        'config',
        'database',
        'test-evm alpha-1',
        'test-evm beta-1',
      ]),
    );
    expect(data.at(-1)).toMatchObject({
      status: 'good',
      remedy: null,
      detail: expect.stringContaining('eth_chainId 31337'),
    });
    expect(data.find(({ check }) => check === 'crypto')?.detail).toBe('secp256k1 native');

    beta.setFault(resultOf('eth_chainId', '0x1'));
    const wrong = await run(folder, 'doctor');
    expect([wrong.code, wrong.stdout]).toEqual([
      3,
      expect.stringMatching(/beta-1\tBAD\twrong_chain.*\tthis URL serves/),
    ]);
    beta.setFault(null);

    const dead = `http://127.0.0.1:${await freePort()}`;
    const away = home('away', { providers: [two()[0] as TestProvider, { name: 'beta-1', group: 'beta', url: dead }] });
    const gone = await run(away, 'doctor', '--json');
    expect(gone.code).toBe(4);
    expect(json<readonly unknown[]>(gone).data).toContainEqual(
      expect.objectContaining({
        check: 'test-evm beta-1',
        status: 'undecided',
        detail: expect.stringContaining('unreachable'),
      }),
    );
  });
});

describe('watch', () => {
  it('without its file is 2 and never a demo', async () => {
    const folder = emptyFolder('no-file');
    const ends = await Promise.all([
      run(folder, 'watch', '--config', 'missing.yaml'),
      run(folder, '--config', 'missing.yaml', 'watch'),
      run(folder, '--config', 'missing.yaml', 'start'),
      run(folder, 'watch'),
    ]);
    for (const { code, stdout, stderr } of ends) {
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/error: .+/);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps a second poller out, and ends with 0 on Ctrl-C and on SIGTERM', async () => {
    const folder = home('watched');
    const first = startProgram(['--config', 'reservewatch.yaml', 'watch', '--json'], { cwd: folder });
    await first.says(/"poll":2/);
    const second = await run(folder, 'poll', '--once');
    expect([second.code, second.stdout, second.stderr]).toEqual([
      2,
      '',
      expect.stringMatching(/is polled by .*process/),
    ]);
    const reading = await run(folder, 'ratio');
    expect(reading.code).toBe(0);
    first.child.kill('SIGINT');
    const { code, signal, stdout } = await first.ended;
    expect([code, signal]).toEqual([0, null]);
    const lines = jsonLines<Envelope<PollJson>>(stdout);
    expect(lines.map(({ schema }) => schema)).toEqual(lines.map(() => 'reservewatch.poll/1'));
    expect(lines.map(({ data }) => data.sources[0]?.cells['changed'])).toEqual(
      lines.map((_, index) => (index === 0 ? 4 : 0)),
    );
    const next = startProgram(['start'], { cwd: folder });
    await next.says(/USDX/);
    next.child.kill('SIGTERM');
    expect((await next.ended).code).toBe(0);
    expect((await run(folder, 'db', 'check')).code).toBe(0);
  });
});

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends a batch command with %i, nothing stored half', async (signal, expected) => {
    const folder = home(`signal-${signal}`);
    beta.setFault({ kind: 'hang' });
    const poll = startProgram(['poll', '--once'], { cwd: folder });
    await poll.says(/imported/);
    poll.child.kill(signal);
    const { code, stderr } = await poll.ended;
    expect([code, stderr]).toEqual([expected, expect.not.stringContaining('bug')]);
    beta.setFault(null);
    expect((await run(folder, 'poll', '--once')).code).toBe(0);
    expect((await run(folder, 'db', 'check')).stdout).toMatch(/^clean: 1 poll/);
  });
});

describe('report import and verify', () => {
  it('0, again unchanged; 5 with faults; 2 unreadable with nothing stored', async () => {
    const folder = home('import');
    const bad = exchange.csv.replace(/\r\n$/, '\r\nETH,test-evm,12,not-an-address\r\n');
    writeFileSync(join(folder, 'faulty.csv'), bad);
    writeFileSync(join(folder, 'other.csv'), 'these,are,not\n1,2,3\n');
    const add = (file: string): Promise<Ended> =>
      run(folder, 'report', 'import', file, '--entity', 'example', '--json');
    const unreadable = await add('other.csv');
    expect([unreadable.code, unreadable.stdout]).toEqual([2, '']);
    expect(unreadable.stderr).toMatch(/other\.csv: .+/);
    expect(json<unknown[]>(await run(folder, 'report', 'list', '--json')).data).toEqual([]);
    const first = await add('por.csv');
    expect([first.code, json<unknown>(first).data]).toMatchObject([0, { outcome: 'stored', rows: 4, faults: 0 }]);
    const again = await add('por.csv');
    expect([again.code, json<unknown>(again).data]).toMatchObject([0, { outcome: 'known' }]);
    const faulty = await add('faulty.csv');
    expect([faulty.code, json<unknown>(faulty).data]).toMatchObject([5, { outcome: 'stored', faults: 1 }]);
    expect(faulty.stderr).toMatch(/line 10: .+/);
    expect(json<unknown[]>(await run(folder, 'report', 'list', '--json')).data).toHaveLength(2);
    expect((await add('missing.csv')).code).toBe(2);
    expect((await run(folder, 'report', 'import', 'por.csv', '--entity', 'exampel')).stderr).toContain('did you mean');
  });

  it('verify: 0 for a sound list, 3 for a false signature or sum, 4 for what is open, 2 for no list', async () => {
    const folder = home('verify');
    const signed = exchange.csv.match(/0x[0-9a-f]{130}/)?.[0] as string;
    const files = {
      'forged.csv': exchange.csv.replace(signed, `0x${'11'.repeat(64)}1b`),
      'sum.csv': exchange.csv.replace('USDX, 1040000', 'USDX, 1040001'),
      'open.csv': `${exchange.csv}ETH,nowhere,12,0x0000000000000000000000000000000000000001,0,m,s,,,,\r\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const ends = await Promise.all(
      ['por.csv', 'forged.csv', 'sum.csv', 'open.csv', 'missing.csv'].map((file) =>
        run(folder, 'verify', file, '--entity', 'example', '--json'),
      ),
    );
    expect(ends.map(({ code }) => code)).toEqual([0, 3, 3, 4, 2]);
    expect(json<unknown>(ends[0] as Ended)).toMatchObject({
      schema: 'reservewatch.verify/1',
      data: {
        entity: 'example',
        rows: { total: 4, counted: 4, faults: 0 },
        grades: { 'address-bound': 4, invalid: 0 },
      },
    });
  });
});

describe('usage errors', () => {
  it('are 2, say so on stderr, and print nothing on stdout', async () => {
    const folder = home('usage');
    const wrong = [
      ['frobnicate'],
      ['ratio', '--frobnicate'],
      ['verify'],
      ['ratio', '--fail-under', 'abc'],
      ['ratio', '--basis', 'claimed'],
      ['history', 'example', 'USDX', '--from', 'yesterday'],
      ['history', 'example', 'USDX', '--limit', '0'],
      ['poll', '--once', '--entity', 'nobody'],
      ['start', '--duration', '5s'],
    ];
    const ends = await Promise.all(wrong.map((args) => run(folder, ...args)));
    for (const [index, { code, stdout, stderr }] of ends.entries()) {
      expect([wrong[index], code, stdout]).toEqual([wrong[index], 2, '']);
      expect(stderr).toMatch(/^error: /m);
    }
    const duration = await run(emptyFolder('duration'), 'start', '--duration', 'soon');
    expect([duration.code, duration.stdout]).toEqual([2, '']);
  });
});

describe('secrets', () => {
  it('of URLs and webhooks are in no output, no database and no payload, even where a provider repeats them', async () => {
    const canaries = ['CANARYuser11', 'CANARYpass22', 'CANARYpath33', 'CANARYquery44', 'CANARYhook55'];
    const [user, password, path, query, hook] = canaries as [string, string, string, string, string];
    const secret = `whsec_${Buffer.from('CANARYsigning66 of 32 bytes ....').toString('base64')}`;
    const seen: (string | undefined)[] = [];
    let repeat = false;
    const guarded = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      seen.push(request.headers.authorization);
      const headers = { 'content-type': 'application/json' };
      const message = `key ${query} of ${user}:${password}/${path} over`;
      if (repeat) {
        response
          .writeHead(200, headers)
          .end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message } }));
        return;
      }
      const answer = await fetch(beta.url, { method: 'POST', headers, body: Buffer.concat(chunks) });
      response.writeHead(answer.status, headers).end(await answer.text());
    });
    await new Promise<void>((resolve) => guarded.listen(0, '127.0.0.1', resolve));
    const receiver = await scriptedReceiver();
    const { port } = guarded.address() as AddressInfo;
    const url = `http://${user}:${password}@127.0.0.1:${port}/${path}?key=${query}`;
    const folder = home('secrets', {
      providers: [two()[0] as TestProvider, { name: 'beta-1', group: 'beta', url }],
      receiver: { url: `${receiver.url}/${hook}`, secret },
      data: '{ staleAfter: 1s, incompleteAfter: 1s }',
      log: 'trace',
      timeout: '2s',
    });
    try {
      const written: string[] = [];
      const say = async (...args: readonly string[]): Promise<void> => {
        const { stdout, stderr } = await run(folder, ...args);
        written.push(stdout, stderr);
      };
      await say('poll', '--once', '--json');
      expect(seen).toContain(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
      repeat = true;
      const watching = startProgram(['watch', '--json'], { cwd: folder });
      await watching.says(/alert\.fired/);
      await watching.says(/"poll":5/);
      watching.child.kill('SIGINT');
      const { code, stdout, stderr } = await watching.ended;
      expect(code).toBe(0);
      written.push(stdout, stderr);
      await say('doctor');
      await say('status', '--json');
      await say('config', 'print');
      await say('poll', '--once');
      expect(written.join('')).toContain('key [secret] of [secret]/[secret] over');
      expect(receiver.hits.length).toBeGreaterThan(0);
      const bodies = receiver.hits.map(({ body }) => body);
      const files = readdirSync(join(folder, 'data')).filter((name) => name.startsWith('test.db'));
      const stored = files.map((name) => readFileSync(join(folder, 'data', name)).toString('latin1'));
      for (const canary of [...canaries, secret, secret.slice(6), 'CANARYsigning66']) {
        for (const text of [...written, ...bodies, ...stored]) expect(text.includes(canary), canary).toBe(false);
      }
    } finally {
      guarded.closeAllConnections();
      guarded.close();
      await receiver.close();
    }
  });
});
