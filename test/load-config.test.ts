// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is the syntax under test
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { interpolate } from '../src/config/interpolate.ts';
import { levelsFiringAtRest } from '../src/config/levels-at-rest.ts';
import type { Config } from '../src/config/types.ts';
import type { RatioRule } from '../src/domain/alert.ts';
import { baseUnits, formatDecimal } from '../src/domain/amount.ts';
import { exactly } from '../src/domain/interval.ts';
import { parsePercent } from '../src/domain/percent.ts';
import { toPpm } from '../src/domain/ratio.ts';
import type { Result } from '../src/domain/result.ts';
import type { Point } from '../src/domain/solvency.ts';
import { type Fault, formatFault, parseYaml } from '../src/lib/yaml.ts';
import { loadConfig } from '../src/load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'reservewatch-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOW = Date.parse('2026-11-22T00:00:00Z');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const env = { HOOK: 'https://hooks.example/t0ken-t0ken', SIGN: SECRET, KEY: 'k3y-in-the-path-of-a-url' };
let files = 0;

function load(text: string, extra: Record<string, string> = {}, families?: string[]): Result<Config, readonly Fault[]> {
  files += 1;
  const file = join(folder, `reservewatch-${files}.yaml`);
  writeFileSync(file, text);
  for (const [name, body] of Object.entries(extra)) writeFileSync(join(folder, name), body);
  return loadConfig(file, { nowMs: NOW, env, ...(families ? { families } : {}) });
}

/** The faults as `line:column: message`. */
function faultsOf(text: string, extra: Record<string, string> = {}, families?: string[]): string[] {
  const loaded = load(text, extra, families);
  return loaded.ok ? [] : loaded.error.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

function good(text: string, extra: Record<string, string> = {}): Config {
  const loaded = load(text, extra);
  if (!loaded.ok) throw new Error(loaded.error.map(formatFault).join('\n'));
  return loaded.value;
}

const NETWORKS = `networks:
  ethereum:
    providers:
      - { name: one, group: alpha, url: "https://one.alpha.example/\${KEY}" }
      - { name: two, group: beta, url: "https://two.beta.example", headers: { authorization: "Bearer \${KEY}" } }
`;
const RECEIVERS = `receivers:
  ops: { type: webhook, url: "\${HOOK}", secrets: ["\${SIGN}"] }
`;
const rule = (body: string): string => `${NETWORKS}entities:
  okx:
    liabilities:
      - { asset: ETH, amount: "1534945", asOf: 2026-10-15T00:00:00+08:00, source: report }
    rules:
      - asset: ETH
        kind: coverage
        basis: observed
        reason: the list is signed in part only
${body.replace(/^/gm, '        ')}
`;
const LEVELS = 'levels: { warning: { fire: 101 %, clear: 101.5 % } }';

describe('rules about reports', () => {
  const ofReports = (extra: string): unknown[] =>
    good(`${rule(LEVELS)}${extra}${RECEIVERS}`).rules.filter(({ family }) => family === 'report');

  it('say what came, and what is overdue only where the publisher has a cadence', () => {
    const always = [
      { name: 'report.new', asset: null, severity: 'info' },
      { name: 'report.approval', asset: null, severity: 'warning' },
    ];
    expect(ofReports('')).toMatchObject(always);
    const report = '    report: { cadence: 30d }\n';
    expect(ofReports(report)).toMatchObject([...always, { name: 'report.overdue', afterMs: 37 * 86_400_000 }]);
    expect(ofReports(`${report}    data: { overdueReportGrace: 3d }\n`)).toMatchObject([
      {},
      {},
      { afterMs: 33 * 86_400_000 },
    ]);
  });
});

describe('a watched publication', () => {
  const withReport = (report: string): string => `${rule(LEVELS)}    report: ${report}\n${RECEIVERS}`;

  it('needs the https address of a file and a pace that publishers can bear', () => {
    const config = good(withReport('{ published: "https://okx.example/por.csv", watch: 6h }'));
    expect([...config.entities.values()][0]?.report).toMatchObject({ watchMs: 21_600_000 });
    const own = good(withReport('{ published: "http://10.0.0.1/por.csv", watch: 6h, allowPrivateAddress: true }'));
    expect([...own.entities.values()][0]?.report).toMatchObject({ allowPrivateAddress: true });
    expect(faultsOf(withReport('{ published: "http://okx.example/por.csv", watch: 6h }'))[0]).toMatch(
      /needs `published`: the https URL/,
    );
    expect(faultsOf(withReport('{ published: "https://okx.example/por.csv", watch: 1m }'))[0]).toMatch(/at least 10m/);
  });

  it('waits for approval above a share that is written as a percentage, a tenth where nothing is written, or never', () => {
    const above = (text: string) => {
      const { entities } = good(withReport(`{ published: "https://okx.example/por.csv"${text} }`));
      return [...entities.values()][0]?.report.approveAbovePpm;
    };
    expect([above(''), above(', approveAbove: 2.5 %'), above(', approveAbove: never')]).toEqual([
      100_000n,
      25_000n,
      'never',
    ]);
    expect(faultsOf(withReport('{ approveAbove: 0.1 }'))[0]).toMatch(
      /approveAbove.*must be a percentage with its sign, e\.g\. 10 %, or never/,
    );
  });
});

describe('rules about statements', () => {
  const ofStatements = (extra: string): unknown[] =>
    good(`${rule(LEVELS)}${extra}${RECEIVERS}`).rules.filter(({ family }) => family === 'statement');

  it('follow the cadence and the shares of the config', () => {
    const report = '    report: { cadence: 30d }\n';
    expect(ofStatements(report)).toMatchObject([
      { name: 'liabilities.stale', asset: 'ETH', afterMs: 37 * 86_400_000 },
      { name: 'liabilities.changed', asset: 'ETH', sharePpm: 200_000n },
      { name: 'liabilities.conflict', asset: 'ETH' },
      { name: 'custody.changed', asset: 'ETH', sharePpm: 200_000n },
    ]);
    const data = '    data: { staleLiabilitiesGrace: 2d, liabilitiesChange: 5 %, custodyChange: 12.5 % }\n';
    expect(ofStatements(`${report}${data}`)).toMatchObject([
      { afterMs: 32 * 86_400_000 },
      { sharePpm: 50_000n },
      {},
      { sharePpm: 125_000n },
    ]);
  });
});

describe('a good config', () => {
  it('becomes domain values', () => {
    const config = good(
      `${rule('levels: { warning: { fire: 102 %, clear: 102.5 % }, below-100: { fire: 100 %, clear: 100.2 % } }\nmaxSkew: 24h')}${RECEIVERS}`,
    );
    const [warning, below] = config.rules.filter((one): one is RatioRule => one.family === 'level');
    expect(warning).toMatchObject({
      name: 'coverage.warning',
      firePpm: 1_020_000n,
      clearPpm: 1_025_000n,
      confirmations: 3,
      clears: 3,
      minAssurance: 'A2',
      maxSkewMs: 86_400_000,
      liftAgeCap: false,
      severity: 'warning',
    });
    expect(below).toMatchObject({ name: 'coverage.below-100', confirmations: 2, repeatMs: 3_600_000 });
    expect(config.rules.filter(({ family }) => family === 'data').map(({ name }) => name)).toEqual([
      'data.stale',
      'data.incomplete',
      'data.disagree',
    ]);
    expect(config.rules.filter(({ family }) => family === 'statement').map(({ name }) => name)).toEqual([
      'liabilities.changed',
      'liabilities.conflict',
      'custody.changed',
    ]);
    const okx = [...config.entities.values()][0]!;
    expect(okx.assets).toEqual(['ETH']);
    expect(okx.statements[0]).toMatchObject({
      kind: 'liability',
      asOfMs: Date.parse('2026-10-14T16:00:00Z'),
      grade: 'stated',
    });
    expect(formatDecimal(okx.statements[0]!.amount!)).toBe('1534945');
    expect(config.database).toBe(join(folder, 'data/reservewatch.db'));
    expect(config.poll).toEqual({ everyMs: 900_000, deadlineMs: 600_000 });
    expect([...config.networks.keys()]).toEqual(['ethereum']);
  });

  it('keeps unquoted amounts to the last digit', () => {
    const config = good(rule(LEVELS).replace('"1534945"', '90071992547409931.123456789012345678'));
    expect(formatDecimal([...config.entities.values()][0]!.statements[0]!.amount!)).toBe(
      '90071992547409931.123456789012345678',
    );
  });

  it('never shows a secret', () => {
    const config = good(`${rule(LEVELS)}${RECEIVERS}`);
    const shown = [
      inspect(config, { depth: 9 }),
      JSON.stringify([config.values, [...config.receivers.values()], [...config.networks.values()]]),
      `${[...config.networks.values()][0]!.providers[0]!.url}`,
    ].join();
    const secrets = [env.KEY, `Bearer ${env.KEY}`, SECRET, 't0ken-t0ken'];
    for (const secret of secrets) expect(shown.includes(secret), secret).toBe(false);
    expect(config.secrets()).toEqual(expect.arrayContaining(secrets));
    expect([...config.networks.values()][0]!.providers[0]!.url.reveal()).toBe(`https://one.alpha.example/${env.KEY}`);
  });

  it('says where each value comes from', () => {
    const url = good(`${rule(LEVELS)}${RECEIVERS}`).values.find(({ path }) => path === 'receivers.ops.url')!;
    expect(url.value).toBe('https://hooks.example/[secret]');
    expect(url.origin).toMatch(/reservewatch-\d+\.yaml:\d+ \(env HOOK\)$/);
  });

  it('takes new networks, assets, labels and entities', () => {
    const config = good(`networks:
  my-chain:
    family: evm
    caip2: "eip155:31337"
    genesis: { unknown: a new development chain every time }
    native: { symbol: ETH, decimals: 18, slip44: 60, countsAs: ETH }
    finality: { kind: confirmations, blocks: 2 }
    params: { development: true }
    providers: [{ name: local, url: "http://127.0.0.1:8545" }]
  ethereum-classic: { finality: { kind: confirmations, blocks: 5000 } }
assets:
  - { id: "eip155:31337/erc20:0xABCDEFabcdefABCDEFabcdefABCDEFabcdefABCD", symbol: USDX, decimals: 6, countsAs: USDX }
labels:
  acme: { coins: { USDX-MY: { asset: USDX, network: my-chain, tokens: [my-chain/USDX] } } }
entities:
  acme:
    name: Acme
    labels: acme
    rules:
      - { asset: USDX, kind: ratio, basis: proven, reason: every address is signed, minAssurance: A1, levels: { below-100: { fire: 100 %, clear: 100.2 % } } }
    liabilities: [{ asset: USDX, supply: ["eip155:31337/erc20:0xabcdefabcdefabcdefabcdefabcdefabcdefabcd"], partial: false }]
`);
    expect(config.registry.networks.get('my-chain' as never)).toMatchObject({
      family: 'evm',
      genesisHash: null,
      name: 'my-chain',
    });
    expect(config.registry.networks.get('ethereum-classic' as never)?.finality).toEqual({
      kind: 'confirmations',
      blocks: 5000,
    });
    expect(
      config.registry.labelBooks
        .get('acme')
        ?.coins.get('USDX_MY')
        ?.tokens?.get('my-chain' as never),
    ).toContain('0xabcdef');
    expect(config.registry.entities.get('acme' as never)).toMatchObject({ aliases: ['Acme'], labels: 'acme' });
    expect(config.warnings.map(({ message }) => message).join('\n')).toContain('A1 means that one provider alone');
  });

  it('reads included files', () => {
    const config = good(`include: [more.yaml]\n${NETWORKS}`, { 'more.yaml': rule(LEVELS).slice(NETWORKS.length) });
    expect(config.entities.size).toBe(1);
    expect(config.values.some(({ origin }) => origin.includes('more.yaml'))).toBe(true);
  });

  it('hashes what it resolved to, without secrets', () => {
    const [a, b] = [good(rule(LEVELS)), good(`# a comment\n${rule(LEVELS)}`)];
    expect(a.sha256).toBe(b.sha256);
    expect(good(rule(LEVELS.replace('101 %', '100.9 %'))).sha256).not.toBe(a.sha256);
  });
});

describe('one bad file per fault', () => {
  it.each<[string, string, RegExp]>([
    ['unknown key', 'databse: x.db', /1:1: unknown key "databse" in file \(did you mean "database"\?\)/],
    [
      'unknown key deep inside',
      rule(`${LEVELS}\nminAsurance: A1`),
      /unknown key "minAsurance" in entities\.okx\.rules\.0 \(did you mean "minAssurance"\?\)/,
    ],
    [
      'unknown level',
      rule('levels: { critcal: { fire: 101 %, clear: 102 % } }'),
      /unknown key "critcal".*did you mean "critical"/,
    ],
    [
      'unknown network',
      'networks: { etherium: { providers: [{ name: a, url: "https://a.example" }] } }',
      /1:13: unknown network "etherium" \(did you mean "ethereum"\?\)/,
    ],
    ['unknown entity', 'entities: { okxx: {} }', /1:13: entity "okxx" is not in the registry \(did you mean "okx"\?\)/],
    [
      'unknown asset',
      rule(LEVELS).replace('- asset: ETH', '- asset: ETHH'),
      /unknown asset "ETHH" \(did you mean "ETH"\?\)/,
    ],
    [
      'unknown basis',
      rule(LEVELS).replace('basis: observed', 'basis: obsrved'),
      /basis: is not known: write one of observed, proven, observed\+custody \(did you mean "observed"\?\)/,
    ],
    ['no basis', rule(LEVELS).replace('        basis: observed\n', ''), /rules\.0\.basis: is required/],
    ['no reason', rule(LEVELS).replace(/ +reason: .*\n/, ''), /rules\.0\.reason: is required/],
    [
      'clear below fire',
      rule('levels: { warning: { fire: 102 %, clear: 101 % } }'),
      /warning: clear must be above fire/,
    ],
    ['clear equal to fire', rule('levels: { warning: { fire: 102 %, clear: 102 % } }'), /clear must be above fire/],
    [
      'levels in the wrong order',
      rule('levels: { warning: { fire: 101 %, clear: 103 % }, critical: { fire: 102 %, clear: 103 % } }'),
      /critical must fire below warning/,
    ],
    ['below-100 elsewhere', rule('levels: { below-100: { fire: 99 %, clear: 100 % } }'), /below-100 fires below 100 %/],
    [
      'percent without its sign',
      rule('levels: { warning: { fire: 102, clear: 103 % } }'),
      /fire: must be a percentage with its sign/,
    ],
    [
      'percent with five decimals',
      rule('levels: { warning: { fire: 102.00001 %, clear: 103 % } }'),
      /at most 4 decimals/,
    ],
    ['no level at all', rule('levels: {}'), /needs at least one of warning, critical, below-100/],
    [
      'ratio without a supply',
      rule(LEVELS).replace('kind: coverage', 'kind: ratio'),
      /no supply of ETH is listed: use coverage/,
    ],
    [
      'A2 with one group',
      rule(LEVELS).replace('group: beta', 'group: alpha'),
      /A2 needs two groups, but ethereum has one/,
    ],
    ['no network carries the asset', rule(LEVELS).replaceAll('ETH', 'LTC'), /no network with providers carries LTC/],
    [
      'asset out of scope',
      rule(LEVELS).replace('    liabilities:', '    assets: [BTC]\n    liabilities:'),
      /ETH is not in this entity's assets/,
    ],
    [
      'two rules alike',
      rule(LEVELS) + rule(LEVELS).split('rules:\n')[1],
      /there are two rules for coverage ETH observed/,
    ],
    [
      'one URL, two groups',
      NETWORKS.replace('https://two.beta.example', 'https://ONE.alpha.example:443/k3y-in-the-path-of-a-url/'),
      /one URL under two groups \(alpha, beta\): a node cannot confirm itself/,
    ],
    ['no group', NETWORKS.replace('group: beta, ', ''), /provider two needs its operator's group/],
    ['twice the same name', NETWORKS.replace('name: two', 'name: one'), /two providers named one/],
    ['not a URL', NETWORKS.replace('https://two.beta.example', 'two.beta'), /url is not a URL/],
    [
      'other protocol',
      NETWORKS.replace('https://two', 'ftp://two'),
      /must start with https:\/\/ or http:\/\/, not "ftp:"/,
    ],
    [
      'redefining a network',
      'networks: { ethereum: { caip2: "eip155:2" } }',
      /only finality, params and providers may be set/,
    ],
    [
      'half a new network',
      'networks: { my-chain: { family: evm, providers: [] } }',
      /networks\.my-chain\.caip2: is required/,
    ],
    [
      'a chain id twice',
      'networks: { my-chain: { family: evm, caip2: "eip155:1", genesis: { unknown: x }, native: { symbol: E, decimals: 18, countsAs: null }, finality: { kind: finalized } } }',
      /chain eip155:1 is already ethereum/,
    ],
    [
      'another decimals',
      'assets: [{ id: "eip155:56/erc20:0x55d398326f99059ff775485246999027b3197955", symbol: USDT, decimals: 6, countsAs: USDT }]',
      /has 18 decimals in the registry/,
    ],
    [
      'asset on no chain',
      'assets: [{ id: "eip155:77777/erc20:0x55d398326f99059ff775485246999027b3197955", symbol: X, decimals: 6, countsAs: X }]',
      /no network has the id eip155:77777/,
    ],
    [
      'a symbol twice',
      'assets: [{ id: "eip155:1/erc20:0x55d398326f99059ff775485246999027b3197955", symbol: USDT, decimals: 6, countsAs: USDT }]',
      /ethereum\/USDT is already/,
    ],
    [
      'label of another asset',
      'labels: { x: { coins: { A: { asset: USDC, tokens: [ethereum/USDT] } } } }',
      /ethereum\/USDT counts as USDT, the label as USDC/,
    ],
    [
      'label of an unknown token',
      'labels: { x: { coins: { A: { asset: USDT, tokens: [etherum/USDT] } } } }',
      /no asset "etherum\/USDT".*did you mean "ethereum\/USDT"/,
    ],
    [
      'unknown label book',
      'entities: { x: { name: X, labels: okxx } }',
      /no label book "okxx" \(did you mean "okx"\?\)/,
    ],
    ['bare date', rule(LEVELS).replace('2026-10-15T00:00:00+08:00', '2026-10-15'), /must be ISO-8601 with an offset/],
    ['future', rule(LEVELS).replace('2026-10-15', '2027-10-15'), /lies in the future/],
    ['negative amount', rule(LEVELS).replace('"1534945"', '-1'), /amount/],
    ['grouped amount', rule(LEVELS).replace('"1534945"', '"1,534,945"'), /is not a plain decimal number/],
    [
      'too fine an amount',
      rule(LEVELS).replace('"1534945"', '"0.0000000000000000001"'),
      /has 19 decimals, the asset has only 18/,
    ],
    [
      'unset variable',
      RECEIVERS.replace('HOOK', 'NO_HOOK'),
      /receivers\.ops\.url: environment variable NO_HOOK is not set/,
    ],
    [
      'missing secret file',
      RECEIVERS.replace('${SIGN}', '${file:/nonexistent/x}'),
      /secret file \/nonexistent\/x cannot be read: ENOENT/,
    ],
    ['relative secret file', RECEIVERS.replace('${SIGN}', '${file:x}'), /must be absolute/],
    ['open reference', RECEIVERS.replace('${HOOK}', '${HOOK'), /is not closed/],
    ['weak secret', RECEIVERS.replace('${SIGN}', 'whsec_c2hvcnQ='), /must be whsec_ and 24 to 64 bytes/],
    ['http webhook', RECEIVERS.replace('${HOOK}', 'http://10.0.0.1/x'), /http needs allowPrivateAddress: true/],
    ['unknown fallback', RECEIVERS.replace(' }', ', fallback: opss }'), /no receiver "opss" \(did you mean "ops"\?\)/],
    ['own fallback', RECEIVERS.replace(' }', ', fallback: ops }'), /is its own fallback/],
    ['bad duration', 'poll: { every: 15 min }', /duration "15 min" must be a whole number and a unit/],
    ['duration as number', 'poll: { every: 15 }', /poll\.every: must be a whole number and a unit/],
    ['nobody watched', NETWORKS, /nobody is watched/],
    ['watching nothing', 'entities: { okx: {} }', /watches nothing/],
    [
      'supply of a coin',
      'entities: { okx: { liabilities: [{ asset: ETH, supply: ["eip155:1/slip44:60"], partial: true }] } }',
      /own coin/,
    ],
    [
      'unread supply',
      'entities: { okx: { liabilities: [{ asset: cbBTC, supply: ["eip155:8453/erc20:0xcbb7c0000ab88b473b1f5afd9ef808440eed33bf"], partial: false }] } }',
      /base has no providers/,
    ],
    ['duplicate key', 'log: { level: info }\nlog: { level: warn }', /2:1: not valid YAML.*unique/],
    ['alias', 'a: &x 1\nlog: *x', /aliases/],
    ['tag', 'log: !!js/function x', /not valid YAML|tag/i],
    ['two documents', 'log: { level: info }\n---\nlog: { level: info }', /multiple documents|document/i],
    ['not YAML', 'log: [', /not valid YAML/],
    ['a list', '- 1', /1:1: file: /],
    ['missing include', 'include: [gone.yaml]', /cannot be read: ENOENT/],
    ['prototype key', '__proto__: { a: 1 }', /a key must be plain text/],
  ])('%s', (_name, text, expected) => {
    const faults = faultsOf(text);
    expect(
      faults.some((fault) => expected.test(fault)),
      faults.join('\n'),
    ).toBe(true);
    expect(faults.every((fault) => /^\d+:\d+: /.test(fault))).toBe(true);
  });

  it('refuses bombs: 9 levels of aliases, a megabyte, a thousand brackets', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'
        .split('')
        .map((key, index) => `${key}: &${key} [${`*${'abcdefgh'[index]},`.repeat(9).slice(0, -1)}]`),
    ].join('\n');
    expect(faultsOf(bomb).join('\n')).toMatch(/aliases/);
    expect(faultsOf(`log: ${'x'.repeat(1_048_576)}`).join('\n')).toMatch(/larger than 1048576 bytes/);
    expect(faultsOf(`log: ${'['.repeat(50_000)}`).join('\n')).toMatch(/nested|not valid YAML/);
    expect(faultsOf(`log: ${'['.repeat(200)}${']'.repeat(200)}`).join('\n')).toMatch(/nested deeper than 64/);
  });

  it('says that a family does not exist yet', () => {
    const text = 'networks: { tron: { providers: [{ name: a, url: "https://a.example" }] } }';
    expect(faultsOf(text, {}, ['evm', 'bitcoin']).join('\n')).toMatch(
      /tron cannot be polled yet: there is no adapter in chains\/tron/,
    );
  });

  it('tells all faults of a file at once, in order, and nothing that only follows from another', () => {
    const text = `databse: x
${rule('levels: { warning: { fire: 102 %, clear: 101 % } }\ntypo: 1').replace('group: beta', 'group: beta, timeuot: 3s')}${RECEIVERS.replace('HOOK', 'NO_HOOK')}`;
    const lines = faultsOf(text);
    expect(lines.map((line) => line.replace(/^\d+:\d+: /, '').slice(0, 24))).toEqual([
      'unknown key "databse" in',
      'unknown key "timeuot" in',
      'warning: clear must be a',
      'unknown key "typo" in en',
      'receivers.ops.url: envir',
    ]);
  });

  it('keeps places right after list items were left out', () => {
    const text = `${NETWORKS}entities:
  okx:
    liabilities:
      - { asset: ETH, amount: "x", asOf: 2026-10-15T00:00:00Z, source: s }
      - { asset: NOPE, amount: "1", asOf: 2026-10-15T00:00:00Z, source: s }
`;
    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/^9:31: .*"x"/),
      expect.stringMatching(/^10:18: unknown asset "NOPE"/),
    ]);
  });

  it('names the file of a fault in an included file, and refuses the same key in two', () => {
    const loaded = load(`include: [part.yaml]\n${rule(LEVELS)}`, {
      'part.yaml': 'networks:\n  ethereum:\n    providres: []\n',
    });
    const text = loaded.ok ? '' : loaded.error.map(formatFault).join('\n');
    expect(text).toMatch(/part\.yaml:3:5: unknown key "providres".*"providers"/);
    expect(text).toMatch(/part\.yaml:2:3: networks\.ethereum is also in/);
  });

  it('warns where two groups look like one operator', () => {
    const config = good(rule(LEVELS).replace('two.beta.example', 'two.alpha.example'));
    expect(config.warnings.map(formatFault).join('\n')).toMatch(
      /:5:\d+: ethereum: groups alpha and beta are both at alpha\.example/,
    );
  });
});

describe('levelsFiringAtRest', () => {
  const point = (reserves: bigint, config: Config): Point =>
    ({
      entity: [...config.entities.keys()][0]!,
      asset: 'ETH',
      kind: 'coverage',
      custody: null,
      claimedUnread: baseUnits(0n),
      observed: exactly(baseUnits(reserves)),
      proven: exactly(baseUnits(0n)),
      cells: { asked: 1, read: 1, failed: 0 },
      liabilities: { amount: exactly(baseUnits(1000n)) },
      values: {
        observed: { lo: { num: reserves, den: 1000n }, hi: { num: reserves, den: 1000n } },
        proven: null,
        'observed+custody': null,
      },
    }) as unknown as Point;

  it('finds a level that the last figures already breach, at its place', () => {
    const config = good(rule(LEVELS));
    expect(levelsFiringAtRest(config, [point(1010n, config)])).toEqual([]);
    const faults = levelsFiringAtRest(config, [point(1009n, config)]).map(formatFault);
    expect(faults).toEqual([
      expect.stringMatching(/:15:\d+: ETH coverage\.warning already fires at rest: coverage on observed is 100\.90 %/),
    ]);
  });

  it('lets a written reason pass', () => {
    const config = good(rule(`${LEVELS}\nfiresAtRest: known since the last report`));
    expect(levelsFiringAtRest(config, [point(900n, config)])).toEqual([]);
  });
});

describe('properties', () => {
  it('percent → ppm is exact and inverts', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_999_999_999n }), (ppm) => {
        const text = `${ppm / 10_000n}.${(ppm % 10_000n).toString().padStart(4, '0')} %`;
        expect(parsePercent(text)).toEqual({ ok: true, value: ppm });
        expect(toPpm({ num: ppm, den: 1_000_000n })).toBe(ppm);
      }),
    );
  });

  it('percent: anything else is refused, never rounded', () => {
    for (const text of [
      '102',
      '102.12345 %',
      '-1 %',
      '1e2 %',
      '１０２ %',
      ' 102 %',
      '102  %',
      '102%%',
      '.5 %',
      '5. %',
      '',
    ])
      expect(parsePercent(text).ok, text).toBe(false);
    expect(parsePercent('102%')).toEqual({ ok: true, value: 1_020_000n });
  });

  it('interpolation puts values in verbatim, once, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (value, before, after) => {
        fc.pre(!/[$]/.test(before) && !after.includes('${'));
        const from = { env: { V: value }, readFile: () => ({ ok: true as const, value: `${value}\n` }) };
        expect(interpolate(`${before}\${V}${after}`, from)).toEqual({ ok: true, value: before + value + after });
        expect(interpolate(`${before}\${file:/s}${after}`, from)).toEqual({ ok: true, value: before + value + after });
        expect(interpolate(`${before}\${W:-d}${after}`, from)).toEqual({ ok: true, value: `${before}d${after}` });
        expect(interpolate(`${before}$\${V}${after}`, from)).toEqual({ ok: true, value: `${before}\${V}${after}` });
        expect(interpolate(`${before}\${W}`, from).ok).toBe(false);
      }),
    );
  });

  it('parseYaml never throws and never makes a float', () => {
    const floats = (value: unknown): boolean =>
      typeof value === 'number'
        ? !Number.isSafeInteger(value)
        : typeof value === 'object' && value !== null && Object.values(value).some(floats);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.double().map((n) => `a: ${n}`),
          fc.json(),
        ),
        (text) => {
          const parsed = parseYaml(text, 'x.yaml');
          if (parsed.ok) expect(floats(parsed.value.value)).toBe(false);
          else for (const { line, column } of parsed.error) expect(line >= 1 && column >= 1).toBe(true);
        },
      ),
    );
  });
});
