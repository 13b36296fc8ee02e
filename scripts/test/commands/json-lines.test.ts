import { ALL_COMMANDS, commandIn } from '../support/declared-settings';
import { INSTALLATION_LINES, MACHINE_LINES, WITHOUT_RESULT } from '../support/json-lines';

test('every command that has a result is run with --json', () => {
  const run = new Set([...INSTALLATION_LINES, ...MACHINE_LINES].map(({ line }) => commandIn(line.split(' '))));
  const missing = ALL_COMMANDS.map(([name]) => name).filter((name) => !run.has(name));
  expect(missing).toEqual(WITHOUT_RESULT);
});
