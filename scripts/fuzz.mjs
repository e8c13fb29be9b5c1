// The long run of test/fuzz: `npm run fuzz -- <documents>` (default 200000); RW_FUZZ_SEED repeats a run, RW_FUZZ_AT one document.
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const [documents = '200000'] = process.argv.slice(2);
if (!/^[1-9]\d{0,8}$/.test(documents)) {
  process.stderr.write('usage: npm run fuzz -- <number of documents>\n');
  process.exit(2);
}
const env = { ...process.env, RW_FUZZ: documents };
const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/fuzz'], {
  env,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
