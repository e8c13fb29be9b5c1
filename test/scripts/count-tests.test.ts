import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'count-test-'));
  fs.mkdirSync(path.join(root, 'tree'));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

type Status = 'passed' | 'failed' | 'skipped' | 'pending' | 'todo';

function count(tests: readonly Status[], options: { fileFails?: boolean; shared?: boolean; text?: string } = {}) {
  const tree = path.join(root, 'tree');
  const name = path.join(tree, 'a.test.ts');
  fs.writeFileSync(name, options.text ?? '');
  if (options.shared) fs.mkdirSync(path.join(root, 'shared'));
  const assertionResults = tests.map((status, i) => ({ status, fullName: `test ${i}` }));
  const status = options.fileFails || tests.includes('failed') ? 'failed' : 'passed';
  fs.writeFileSync(path.join(root, 'r.json'), JSON.stringify({ testResults: [{ name, status, assertionResults }] }));
  const script = path.resolve('scripts/count-tests.mjs');
  const run = spawnSync(process.execPath, [script, '../r.json'], { cwd: tree, encoding: 'utf8' });
  return { code: run.status, last: run.stdout.trimEnd().split('\n').at(-1), out: run.stdout };
}

describe('count-tests', () => {
  it.each<[string, readonly Status[], Parameters<typeof count>[1], number, string]>([
    ['all passed', ['passed', 'passed'], {}, 0, '2 passed, 0 failed, 0 skipped'],
    ['one failed', ['passed', 'failed'], {}, 1, '1 passed, 1 failed, 0 skipped'],
    ['a file that does not load', ['passed'], { fileFails: true }, 1, '1 passed, 1 failed, 0 skipped'],
    ['no test', [], {}, 1, '0 passed, 0 failed, 0 skipped'],
    ['a skip', ['passed', 'skipped'], {}, 1, '1 passed, 0 failed, 1 skipped'],
    ['a todo', ['passed', 'todo'], {}, 1, '1 passed, 0 failed, 1 skipped'],
    [
      'a skip for want of shared data',
      ['passed', 'pending'],
      { text: "'../shared/x'" },
      0,
      '1 passed, 0 failed, 1 skipped',
    ],
    [
      'such a skip with the data there',
      ['passed', 'pending'],
      { text: "'../shared/x'", shared: true },
      1,
      '1 passed, 0 failed, 1 skipped',
    ],
  ])('%s', (_name, tests, options, code, last) => {
    expect(count(tests, options)).toMatchObject({ code, last });
  });

  it('names what was skipped', () => {
    expect(count(['passed', 'skipped']).out).toContain('a.test.ts: test 1');
  });

  it('fails without a report', () => {
    const run = spawnSync(process.execPath, ['scripts/count-tests.mjs', path.join(root, 'none')], { encoding: 'utf8' });
    expect([run.status, run.stdout.trimEnd().split('\n').at(-1)]).toEqual([1, '0 passed, 0 failed, 0 skipped']);
  });
});
