import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/commands';

const SCRIPTS = join(__dirname, '../..');
const ENTRIES = COMMANDS.flatMap(({ commands }) => commands);
const LISTED = ENTRIES.map(({ name }) => name);

test('every file that declares a command is listed', () => {
  const files = readdirSync(join(SCRIPTS, 'src/commands')).map((file) => file.replace('.ts', ''));
  expect(files.filter((file) => !/^(common|index|listed)$/.test(file)).sort()).toEqual([...LISTED].sort());
});

test.each(ENTRIES)('help lists $name as it is declared', ({ load, name, summary, usage }) => {
  const spec = load();
  const { switches = [], options = [], arguments: values = [] } = 'commands' in spec ? {} : spec;
  const words = [
    ...(switches.length + options.length === 0 ? [] : ['[options]']),
    ...values.map((value) => value.name),
  ].join(' ');
  expect({ name, summary, usage }).toEqual({ name: spec.name, summary: spec.summary, usage: words });
});

test.each(LISTED)('the README describes %s', (name) => {
  expect(readFileSync(join(SCRIPTS, 'README.md'), 'utf8')).toMatch(new RegExp(`^\\|.*\`${name}[ \`].*\\|`, 'm'));
});
