import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { register as registerConfig } from '../../src/cli/config.ts';
import { register as registerInit } from '../../src/cli/init.ts';
import { runCli } from '../fakes/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reservewatch-cli-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = {
  RESERVEWATCH_WEBHOOK_URL: 'https://hooks.example/t0ken-t0ken',
  RESERVEWATCH_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};
const init = (...args: string[]) => runCli(registerInit, ['init', ...args]);
const config = (args: string[], variables: Record<string, string> = env) =>
  runCli(registerConfig, ['config', ...args], { env: variables });

describe('init', () => {
  it.each(['okx', 'minimal'])(
    '%s: what it writes passes config check with the variables set, and names them without',
    async (example) => {
      const dir = join(folder, example);
      const file = join(dir, 'reservewatch.yaml');
      const written = await init('--example', example, dir);
      expect(written.code).toBe(0);
      expect(written.stdout).toContain('export RESERVEWATCH_WEBHOOK_URL=');
      expect(written.stdout).toMatch(/next: .*reservewatch config check\n$/);
      expect(readFileSync(file, 'utf8').split('\n')[0]).toBe(
        '# yaml-language-server: $schema=./reservewatch.schema.json',
      );
      expect(existsSync(join(dir, 'reservewatch.schema.json'))).toBe(true);

      const checked = await config(['check', file]);
      expect(checked.stderr.replace(/^warning: .*\n/gm, '')).toBe('');
      expect(checked.stdout).toMatch(/is good: \d+ networks?, \d+ providers, 1 entity, \d+ levels?, 1 receiver/);
      expect(checked.code).toBe(0);

      const bare = await config(['check', file], {});
      expect(bare.code).toBe(2);
      expect(bare.stderr).toMatch(
        /reservewatch\.yaml:\d+:\d+: receivers\.ops\.url: environment variable RESERVEWATCH_WEBHOOK_URL is not set/,
      );
      expect(bare.stderr).toContain('environment variable RESERVEWATCH_WEBHOOK_SECRET is not set');
      expect(bare.stderr.match(/^error: /gm)).toHaveLength(2);
    },
  );

  it('okx: every network has two operators, and what is commented out is sound too', async () => {
    const dir = join(folder, 'uncommented');
    await init('--example', 'okx', dir);
    const file = join(dir, 'reservewatch.yaml');
    const text = readFileSync(file, 'utf8');
    const sound = text
      .replace(/^ *# bitcoin:\n(.*\n){3}/m, '')
      .replace(/^( *)# (liabilities:|custody:|solana:| +providers:| +- \{ (?:asset|name): )/gm, '$1$2');
    writeFileSync(file, sound);
    const printed = await config(['print', '--resolved', file]);
    expect(printed.stderr).toBe('');
    const groups = [...printed.stdout.matchAll(/^networks\.[a-z-]+\.groups = (.*?) {2}#/gm)].map(
      ([, list]) => list!.split(', ').length,
    );
    expect(groups.length).toBeGreaterThanOrEqual(10);
    expect(Math.min(...groups)).toBeGreaterThanOrEqual(2);
    expect(printed.stdout).toContain('entities.okx.custody.0.amount = 164015');
    expect(printed.stdout).toContain('networks.solana.groups = solana, publicnode');
  });

  it('never overwrites', async () => {
    const dir = join(folder, 'twice');
    await init(dir);
    writeFileSync(join(dir, 'reservewatch.yaml'), 'mine');
    const again = await init(dir);
    expect([again.code, readFileSync(join(dir, 'reservewatch.yaml'), 'utf8')]).toEqual([2, 'mine']);
    expect(again.stderr).toContain('is already there');
  });
});

describe('config', () => {
  const file = join(folder, 'bad.yaml');
  cpSync('config/examples/okx.yaml', file);
  writeFileSync(
    file,
    readFileSync(file, 'utf8')
      .replace('  arbitrum:', '  arbitrun:')
      .replace('basis: observed+custody', 'basis: observed+custard'),
  );

  it('check --json lists every fault with its place', async () => {
    const { code, stdout } = await config(['check', '--json', file]);
    expect(code).toBe(2);
    const { schema, data } = JSON.parse(stdout) as {
      schema: string;
      data: { good: boolean; faults: { line: number; column: number; message: string }[] };
    };
    expect([schema, data.good]).toEqual(['reservewatch.config-check/1', false]);
    expect(data.faults.map(({ message }) => message)).toEqual([
      expect.stringContaining('unknown network "arbitrun" (did you mean "arbitrum"?)'),
      expect.stringContaining('did you mean "observed+custody"?'),
    ]);
    expect(data.faults.every(({ line, column }) => line > 1 && column > 1)).toBe(true);
  });

  it('check finds what only the chain family knows', async () => {
    const text = readFileSync('config/examples/minimal.yaml', 'utf8').replace(
      '  ethereum:\n',
      '  ethereum:\n    params: { maxLagSeconds: -1 }\n',
    );
    writeFileSync(join(folder, 'family.yaml'), text);
    const { code, stderr } = await config(['check', join(folder, 'family.yaml')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('maxLagSeconds')]);
  });

  it('check says that a file is not there', async () => {
    const { code, stderr } = await config(['check', join(folder, 'gone.yaml')]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/gone\.yaml: cannot be read: ENOENT/)]);
  });

  it('print masks secrets and says where each value comes from', async () => {
    const { stdout } = await config(['print', '--json', 'config/examples/minimal.yaml']);
    expect(stdout).not.toContain('t0ken');
    expect(stdout).not.toContain(env.RESERVEWATCH_WEBHOOK_SECRET.slice(6));
    expect(stdout).toContain('(env RESERVEWATCH_WEBHOOK_SECRET)');
  });

  it('schema prints JSON', async () => {
    const { stdout } = await config(['schema']);
    expect(stdout).toBe(readFileSync('config/schema/reservewatch.schema.json', 'utf8'));
  });
});
