// Makes a fresh clone runnable: installs the locked dependencies and compiles, each only when missing or stale.
// Runs before `npm start` and `npm test`, so it may use nothing but Node itself.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { withLock } from './folder-lock.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(ROOT, ...parts);
const say = (line) => process.stderr.write(`bootstrap: ${line}\n`);
const INSTALL_STAMP = at('node_modules', '.reservewatch-stamp');
const BUILD_STAMP = at('dist', '.reservewatch-stamp');
const SOURCES = ['src', 'chains', 'demo', 'bench'];

/** A fault to be told in one piece, without a stack. */
class Fault extends Error {}

function checkNode() {
  const { engines } = JSON.parse(fs.readFileSync(at('package.json'), 'utf8'));
  const [, major, minor] = /^>=(\d+)\.(\d+)/.exec(engines.node).map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  throw new Fault(
    `Node.js ${major}.${minor} or newer is needed, this is ${process.versions.node}. See https://nodejs.org`,
  );
}

/** What an installation depends on; the ABI because SQLite is native. */
function installKey() {
  if (!fs.existsSync(at('package-lock.json'))) throw new Fault('package-lock.json is missing: restore it from git');
  const lock = fs.readFileSync(at('package-lock.json'));
  return createHash('sha256')
    .update(lock)
    .update(`\0${process.platform}\0${process.arch}\0${process.versions.modules}`)
    .digest('hex');
}

const readOr = (file, otherwise) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
};

const isInstalled = () => readOr(INSTALL_STAMP, '') === installKey();

/** Whether node_modules is what the lock file says, although it was not made by us (a plain `npm ci` or `npm install`). */
async function isInstalledByHand() {
  const there = JSON.parse(readOr(at('node_modules', '.package-lock.json'), '{}')).packages;
  if (there === undefined) return false;
  const wanted = JSON.parse(fs.readFileSync(at('package-lock.json'), 'utf8')).packages;
  const same = Object.entries(wanted).every(
    ([name, { version, optional }]) =>
      name === '' || there[name]?.version === version || (optional === true && there[name] === undefined),
  );
  return same && (await sqliteFault()) === null;
}

/** Every file whose change needs a new build, as `path` and the newest time of them all. */
function sources() {
  const files = fs.readdirSync(ROOT).filter((name) => /^tsconfig.*\.json$/.test(name));
  const visit = (folder) => {
    for (const entry of fs.readdirSync(at(folder), { withFileTypes: true })) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(name);
      else if (/\.(ts|json)$/.test(name) && !/\.test\.ts$/.test(name)) files.push(name);
    }
  };
  for (const folder of SOURCES) if (fs.existsSync(at(folder))) visit(folder);
  const newestMs = Math.max(0, ...files.map((name) => fs.statSync(at(name)).mtimeMs));
  return { list: files.sort().join('\n'), newestMs };
}

function isBuilt() {
  if (!fs.existsSync(BUILD_STAMP)) return false;
  const { list, newestMs } = sources();
  return readOr(BUILD_STAMP, '') === list && newestMs < fs.statSync(BUILD_STAMP).mtimeMs;
}

let child = null;
const stopChild = () => child?.kill('SIGTERM');

/** Runs to the end with stdin closed, and gives back the exit code and all that it printed. */
function run(command, args, env = process.env) {
  return new Promise((resolve) => {
    let output = '';
    child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => {
        output += bytes;
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}` : output }),
    );
  });
}

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => folder !== '' && fs.existsSync(path.join(folder, name)));

/** Why SQLite's native part does not load, or null. In a process of its own: a wrong binary may crash. */
async function sqliteFault() {
  const script = "new (require('better-sqlite3'))(':memory:').close()";
  const { code, output } = await run(process.execPath, ['-e', script]);
  return code === 0 ? null : output.trim();
}

async function install() {
  const execpath = process.env.npm_execpath ?? '';
  // The npm that runs us does the install: another one may read the lock file differently.
  const npm = /(^|[\\/])npm(-cli)?\.c?js$/.test(execpath) ? [process.execPath, execpath] : ['npm'];
  const env = { ...process.env };
  // Without a home, node-gyp would fetch headers from nodejs.org although they lie beside node.
  const prefix = path.dirname(path.dirname(process.execPath));
  if (fs.existsSync(path.join(prefix, 'include', 'node', 'node.h'))) env.npm_config_nodedir ??= prefix;
  say('installing the locked dependencies (a minute or more where SQLite must be compiled)');
  const [command, ...args] = [...npm, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run(command, args, env);
  const fault = code === 0 ? await sqliteFault() : output.trim();
  if (fault !== null) {
    const compiles = /gyp|better-sqlite3/.test(fault);
    const missing = ['python3', 'make', 'g++'].filter((tool) => compiles && !onPath(tool));
    const hint = `SQLite has no ready binary here and must be compiled, which needs ${missing.join(', ')} (Debian: apt-get install -y python3 make g++)`;
    throw new Fault(`npm ci failed:\n${fault}${missing.length > 0 ? `\nbootstrap: ${hint}` : ''}`);
  }
}

async function build() {
  const before = readOr(BUILD_STAMP, '').split('\n');
  const { list } = sources();
  const now = new Set(list.split('\n'));
  // What was compiled from a file that is gone would still be found: folders are registries here.
  if (before.some((name) => name !== '' && !now.has(name))) fs.rmSync(at('dist'), { recursive: true, force: true });
  const started = new Date();
  say('compiling');
  const { code, output } = await run(process.execPath, [
    at('node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  if (code !== 0) throw new Fault(`the sources do not compile:\n${output.trim()}`);
  fs.mkdirSync(at('dist'), { recursive: true });
  fs.writeFileSync(BUILD_STAMP, list);
  // Files saved while the compiler ran are newer than this.
  fs.utimesSync(BUILD_STAMP, started, started);
}

try {
  checkNode();
  if (!isInstalled() || !isBuilt()) {
    const waiting = (pid) => say(`waiting for process ${pid}, which is installing or compiling here`);
    await withLock(at('.reservewatch-bootstrap'), waiting, stopChild, async () => {
      if (!isInstalled()) {
        if (!(await isInstalledByHand())) await install();
        fs.writeFileSync(INSTALL_STAMP, installKey());
        // Another compiler may have come: compile again, and still know what was compiled before.
        if (fs.existsSync(BUILD_STAMP)) fs.utimesSync(BUILD_STAMP, 0, 0);
      }
      if (!isBuilt()) await build();
    });
  }
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  say(error.message);
  process.exitCode = 1;
}
