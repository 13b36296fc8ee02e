import { parseServerFailure, SERVER_FAILURES } from '../../src/workload/server-failures';
import { SERVER_SCRIPT } from '../../src/workload/server-script';

/** Codes in the script: in a log line, in awk's output, or in an assignment. */
const CODES = /(?:error\[|print "|\bcode=)(?<code>[a-z]+(?:-[a-z]+)+)\b/g;

test('the script logs every code of the list, and no other', () => {
  const logged = new Set([...SERVER_SCRIPT.matchAll(CODES)].map(({ groups }) => groups?.['code']));
  expect([...logged].sort()).toEqual([...SERVER_FAILURES].sort());
});

test('the script logs no failure without a code', () => {
  const failing = SERVER_SCRIPT.split('\n').filter((line) => /\blog ["'].*\b(error|failed|can ?not)\b/.test(line));
  expect(failing.length).toBeGreaterThan(5);
  expect(failing.filter((line) => !/error\[(\$code|[a-z-]+)\]: /.test(line))).toEqual([]);
});

test.each([
  ['2026-11-23T10:00:00Z error[pull-offline]: m is not there', { code: 'pull-offline', message: 'm is not there' }],
  ['error[wrong-place]: m is 60%/40% CPU/GPU, not 100% GPU', { code: 'wrong-place', message: /./ }],
  ['error[of-another-release]: words', { code: undefined, message: 'words' }],
])('%s is parsed', (line, { code, message }) => {
  expect(parseServerFailure(line)).toEqual({
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });
});

test.each(['2026-11-23T10:00:00Z pulling m', 'error: without a code', ''])('%j reports no failure', (line) => {
  expect(parseServerFailure(line)).toBeUndefined();
});
