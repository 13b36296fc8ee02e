/**
 * Sums Jest's JSON results: `node .ci/summary.mjs FOLDER [failed step…]`. It prints what failed and what was left out. The
 * last line is `N passed, N failed`. A step that failed without a failed test (lint, types, an install) counts as one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const [folder, ...failedSteps] = process.argv.slice(2);
const results = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ step: basename(file, '.json'), ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));

const sum = (count) => results.reduce((total, result) => total + count(result), 0);
const broken = (result) => result.numFailedTests + result.numRuntimeErrorTestSuites;
const told = new Set(results.filter((result) => broken(result) > 0).map(({ step }) => step));
const others = failedSteps.filter((step) => !told.has(step.replaceAll(' ', '-')));

for (const result of results) {
  const tests = result.testResults.flatMap((file) => file.assertionResults);
  console.log(
    `${result.step}: ${result.numPassedTests} passed, ${broken(result)} failed, ${result.numPendingTests} skipped`,
  );
  const list = (status, label) =>
    tests.filter((test) => test.status === status).forEach((test) => console.log(`  ${label} ${test.fullName}`));
  list('failed', 'failed:');
  list('pending', 'skipped:');
}
others.forEach((step) => console.log(`${step}: failed`));

const failed = sum(broken) + others.length;
console.log(`${sum((result) => result.numPassedTests)} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
