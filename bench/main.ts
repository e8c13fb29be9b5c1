/** `npm run bench -- <what>`: ratios to a baseline of the same run, and counts. Never part of the tests. */
const BENCHES: Readonly<Record<string, () => Promise<{ readonly run: () => Promise<number> }>>> = {
  verify: () => import('./verify.ts'),
  poll: () => import('./poll.ts'),
  zk: () => import('./zk.ts'),
  liabilities: () => import('./liabilities.ts'),
};

const what = process.argv[2] ?? '';
const load = Object.hasOwn(BENCHES, what) ? BENCHES[what] : undefined;
if (load === undefined) {
  process.stderr.write(`say which: npm run bench -- ${Object.keys(BENCHES).join(' | ')}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await (await load()).run();
}
