import { SERVER_FAILURES } from '@org/ollama-eks/pure';
import { remedyOf, SERVER_DIAGNOSES } from '../../src/diagnose/server-diagnoses';

test('every failure of the sidecar has a diagnosis, and every diagnosis a failure', () => {
  expect(Object.keys(SERVER_DIAGNOSES).sort()).toEqual([...SERVER_FAILURES].sort());
});

test.each(SERVER_FAILURES)('%s has a remedy, whatever its message', (code) => {
  expect(remedyOf({ code, message: 'words' })).toBe(SERVER_DIAGNOSES[code]);
});

test.each([
  ['write /models/blobs/x: no space left on device', /enlarge the volume/],
  ['pull model manifest: file does not exist', /does not have this tag/],
  ['model requires more system memory (40.1 GiB) than is available', /reduce contextLength/],
])("Ollama's reason is more specific than the code: %s", (reason, remedy) => {
  expect(remedyOf({ code: 'pull-gave-up', message: `gave up on x after 5 attempts: ${reason}` })).toMatch(remedy);
});

test('a failure of another release has no remedy', () => {
  expect(remedyOf({ code: undefined, message: 'words' })).toBeUndefined();
});
