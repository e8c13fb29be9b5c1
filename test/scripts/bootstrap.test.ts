import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Stands for npm: `ci` makes node_modules anew with a compiler and a SQLite, after `delay` ms, and writes down each call. */
const FAKE_NPM = `
const fs = require('node:fs');
fs.appendFileSync('npm-calls.log', JSON.stringify({ args: process.argv.slice(2), nodedir: process.env.npm_config_nodedir }) + '\\n');
const plan = JSON.parse(fs.readFileSync('plan.json', 'utf8'));
setTimeout(() => {
  fs.rmSync('node_modules', { recursive: true, force: true });
  if (plan.npmFails) { console.error('npm error ' + plan.npmFails); process.exit(1); }
  fs.mkdirSync('node_modules/typescript/bin', { recursive: true });
  fs.mkdirSync('node_modules/better-sqlite3', { recursive: true });
  fs.copyFileSync('fake-tsc.cjs', 'node_modules/typescript/bin/tsc');
  fs.writeFileSync('node_modules/better-sqlite3/index.js', plan.sqlite ?? 'module.exports = class { close() {} };');
  const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
  delete lock.packages[''];
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify(lock));
}, plan.delayMs ?? 0);
`;
/** Stands for tsc: writes one output a source, or fails as told. */
const FAKE_TSC = `
const fs = require('node:fs');
fs.appendFileSync('tsc-calls.log', 'x');
const plan = JSON.parse(fs.readFileSync('plan.json', 'utf8'));
if (plan.tscFails) { console.log(plan.tscFails); process.exit(2); }
fs.mkdirSync('dist/src', { recursive: true });
for (const name of fs.readdirSync('src')) fs.writeFileSync('dist/src/' + name.replace('.ts', '.js'), '');
`;

let root: string;
const started: ChildProcess[] = [];
const file = (...parts: string[]): string => path.join(root, ...parts);
const write = (name: string, text: string): void => fs.writeFileSync(file(name), text);
const plan = (changes: Record<string, unknown>): void => write('plan.json', JSON.stringify(changes));
const lines = (name: string): number =>
  fs.existsSync(file(name)) ? fs.readFileSync(file(name), 'utf8').trim().split('\n').length : 0;
const builds = (): number => (fs.existsSync(file('tsc-calls.log')) ? fs.readFileSync(file('tsc-calls.log')).length : 0);
const lockFile = (version: string): string =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/typescript': { version },
      'node_modules/for-another-platform': { version: '1.0.0', optional: true },
    },
  });

function bootstrap(env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs'], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: file('home'), npm_execpath: file('fake', 'npm-cli.js'), ...env },
  });
  started.push(child);
  let [stderr, stdout] = ['', ''];
  child.stderr.on('data', (bytes) => (stderr += bytes));
  child.stdout.on('data', (bytes) => (stdout += bytes));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr, stdout })));
}

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstrap-test-'));
  for (const folder of ['scripts', 'src', 'fake', 'home']) fs.mkdirSync(file(folder));
  for (const name of ['bootstrap.mjs', 'folder-lock.mjs']) fs.copyFileSync(`scripts/${name}`, file('scripts', name));
  write('package.json', JSON.stringify({ type: 'commonjs', engines: { node: '>=20.19' } }));
  write('package-lock.json', lockFile('6.0.0'));
  write('tsconfig.build.json', '{}');
  write('src/main.ts', '');
  write('src/old.ts', '');
  write('fake/npm-cli.js', FAKE_NPM);
  write('fake-tsc.cjs', FAKE_TSC);
  plan({});
});
afterEach(async () => {
  await Promise.all(
    started
      .splice(0)
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map((child) => new Promise((resolve) => child.once('close', resolve).kill('SIGKILL'))),
  );
  fs.rmSync(root, { recursive: true, force: true });
});

describe('bootstrap', () => {
  it('installs and compiles a fresh clone, and the second time does and says nothing', async () => {
    const first = await bootstrap();
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr.trim().split('\n')).toHaveLength(2);
    expect([lines('npm-calls.log'), builds()]).toEqual([1, 1]);
    const call = JSON.parse(fs.readFileSync(file('npm-calls.log'), 'utf8'));
    expect(call.args.slice(0, 2)).toEqual(['ci', '--include=dev']);
    const prefix = path.dirname(path.dirname(process.execPath));
    const hasHeaders = fs.existsSync(path.join(prefix, 'include', 'node', 'node.h'));
    expect(call.nodedir).toBe(hasHeaders ? prefix : undefined);
    expect(await bootstrap()).toEqual({ code: 0, stderr: '', stdout: '' });
    expect([lines('npm-calls.log'), builds()]).toEqual([1, 1]);
    expect(fs.readdirSync(root).filter((name) => name.startsWith('.reservewatch'))).toEqual([]);
  });

  it('installs again when the lock file changes, and compiles again when a source does', async () => {
    await bootstrap();
    write('package-lock.json', lockFile('6.0.1'));
    await bootstrap();
    expect([lines('npm-calls.log'), builds()]).toEqual([2, 2]);
    write('src/main.ts', '// changed');
    await bootstrap();
    expect([lines('npm-calls.log'), builds()]).toEqual([2, 3]);
  });

  it('leaves nothing compiled of a source that is gone', async () => {
    await bootstrap();
    fs.rmSync(file('src/old.ts'));
    await bootstrap();
    expect(fs.readdirSync(file('dist/src'))).toEqual(['main.js']);
  });

  it('takes over what a plain npm ci installed, if it is what the lock file says and SQLite loads', async () => {
    await bootstrap();
    fs.rmSync(file('node_modules/.reservewatch-stamp'));
    await bootstrap();
    expect(lines('npm-calls.log')).toBe(1);
    fs.rmSync(file('node_modules/.reservewatch-stamp'));
    fs.writeFileSync(file('node_modules/better-sqlite3/index.js'), 'throw new Error("another ABI")');
    await bootstrap();
    expect(lines('npm-calls.log')).toBe(2);
  });

  it('installs once when two start at the same moment', async () => {
    plan({ delayMs: 1500 });
    const both = await Promise.all([bootstrap(), bootstrap()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect([lines('npm-calls.log'), builds()]).toEqual([1, 1]);
    expect(both.map(({ stderr }) => stderr).join('')).toMatch(/waiting for process \d+/);
  });

  it('takes over the lock of a dead process, several at once included', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => dead.on('close', resolve));
    fs.mkdirSync(file('.reservewatch-bootstrap'));
    write('.reservewatch-bootstrap/pid', `${dead.pid}\n`);
    plan({ delayMs: 300 });
    const all = await Promise.all([bootstrap(), bootstrap(), bootstrap()]);
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect([lines('npm-calls.log'), builds()]).toEqual([1, 1]);
  });

  it('takes over a lock that nobody refreshes, though its process id is alive again', async () => {
    fs.mkdirSync(file('.reservewatch-bootstrap'));
    write('.reservewatch-bootstrap/pid', `${process.pid}\n`);
    const old = new Date(Date.now() - 120_000);
    fs.utimesSync(file('.reservewatch-bootstrap'), old, old);
    expect((await bootstrap()).code).toBe(0);
  });

  it('lets go of the lock when it is interrupted', async () => {
    plan({ delayMs: 20_000 });
    const running = bootstrap();
    await expect.poll(() => lines('npm-calls.log'), { timeout: 20_000 }).toBe(1);
    started[0]?.kill('SIGTERM');
    expect((await running).code).toBe(143);
    expect(fs.existsSync(file('.reservewatch-bootstrap'))).toBe(false);
    plan({});
    expect((await bootstrap()).code).toBe(0);
  });
});

describe('bootstrap that cannot go on', () => {
  it('shows what npm said, exits 1, and tries again next time', async () => {
    plan({ npmFails: 'E404 no such package' });
    const failed = await bootstrap();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('E404 no such package');
    expect(failed.stderr).not.toContain('g++');
    plan({});
    expect((await bootstrap()).code).toBe(0);
  });

  it('names the missing compiler in one line', async () => {
    plan({ npmFails: 'gyp ERR! find Python' });
    const { code, stderr } = await bootstrap({ PATH: file('home') });
    expect(code).toBe(1);
    expect(stderr.split('\n').filter((line) => line.includes('apt-get install -y python3 make g++'))).toHaveLength(1);
  });

  it('does not call an installation good whose SQLite does not load', async () => {
    plan({ sqlite: 'throw new Error("Could not locate the bindings file")' });
    const { code, stderr } = await bootstrap();
    expect(code).toBe(1);
    expect(stderr).toContain('Could not locate the bindings file');
    expect(fs.existsSync(file('node_modules/.reservewatch-stamp'))).toBe(false);
  });

  it('shows what the compiler said, and compiles again next time', async () => {
    plan({ tscFails: 'src/main.ts(1,1): error TS2322' });
    const failed = await bootstrap();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('TS2322');
    plan({});
    expect((await bootstrap()).code).toBe(0);
    expect([lines('npm-calls.log'), builds()]).toEqual([1, 2]);
  });

  it('says which Node it needs', async () => {
    write('package.json', JSON.stringify({ engines: { node: '>=99.1' } }));
    const { code, stderr } = await bootstrap();
    expect(code).toBe(1);
    expect(stderr).toContain(`Node.js 99.1 or newer is needed, this is ${process.versions.node}`);
    expect(lines('npm-calls.log')).toBe(0);
  });
});
