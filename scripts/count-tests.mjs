// Reads vitest's JSON report, lists what was skipped, and prints `N passed, N failed, N skipped` as the last line.
// Exit 1 where anything failed, nothing ran, or a test was skipped for another reason than an absent ../shared.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const [reportFile] = process.argv.slice(2);
const report = readReport();
const sharedIsHere = fs.existsSync('../shared');
const counts = { passed: 0, failed: 0, skipped: 0 };
let forbidden = 0;

for (const file of report?.testResults ?? []) {
  const tests = file.assertionResults;
  // A file that could not be loaded has no failed test in it, and is one all the same.
  if (file.status === 'failed' && !tests.some(({ status }) => status === 'failed')) counts.failed += 1;
  for (const { status, fullName } of tests) {
    if (status === 'passed') counts.passed += 1;
    else if (status === 'failed') counts.failed += 1;
    else {
      counts.skipped += 1;
      const allowed = !sharedIsHere && readsShared(file.name, fullName);
      if (!allowed) forbidden += 1;
      const why = allowed ? 'needs ../shared' : 'NOT ALLOWED HERE';
      console.log(`skipped (${why}): ${path.relative('.', file.name)}: ${fullName}`);
    }
  }
}
if (report === null) console.log('no test report: the tests did not run to their end');
if (forbidden > 0) console.log(`${forbidden} skipped without need: a skipped test shows nothing`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || forbidden > 0 || counts.passed === 0 ? 1 : 0;

function readReport() {
  try {
    return JSON.parse(fs.readFileSync(reportFile, 'utf8'));
  } catch {
    return null;
  }
}

/** A skipped test names no reason in the report: its name or its file must mention ../shared. */
function readsShared(file, name) {
  return name.includes('../shared') || fs.readFileSync(file, 'utf8').includes('../shared');
}
