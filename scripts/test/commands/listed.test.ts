import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/commands';

const SCRIPTS = join(__dirname, '../..');
const LISTED = COMMANDS.flatMap(({ commands }) => commands.map(({ name }) => name));

test('every file that declares a command is listed', () => {
  const files = readdirSync(join(SCRIPTS, 'src/commands')).map((file) => file.replace('.ts', ''));
  expect(files.filter((file) => !/^(common|index|.*-commands)$/.test(file)).sort()).toEqual([...LISTED].sort());
});

test.each(LISTED)('the README describes %s', (name) => {
  expect(readFileSync(join(SCRIPTS, 'README.md'), 'utf8')).toMatch(new RegExp(`^\\|.*\`${name}[ \`].*\\|`, 'm'));
});
