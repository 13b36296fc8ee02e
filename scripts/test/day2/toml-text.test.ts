import { readToml, setToml } from '../../src/client/toml-text';

const set = (text: string, path: readonly string[], value: unknown) => setToml('config.toml', text, path, value);

test.each([
  ['an array over several lines before it', 'x = [\n  ["a"],\n]\nmodel = "gpt-5"\n'],
  ['a line in a multi-line string that looks like a table', 'note = """\n[rules]\n"""\nmodel = "gpt-5"\n'],
  ['a line in a multi-line string that looks like the key', 'note = """\nmodel = "x"\n"""\nmodel = "gpt-5"\n'],
  ['a quoted key', '"model" = "gpt-5"\n'],
  ['a literal key, and no end of line', '\'model\'="gpt-5"'],
  ['a comment after it', 'model = "gpt-5" # mine\n\n[tui]\ntheme = "x"\n'],
  ['Windows line ends', 'a = 1\r\nmodel = "gpt-5"\r\n[tui]\r\ntheme = "x"\r\n'],
])('a root key is replaced in place, with %s, and removing it restores the text', (_, text) => {
  const edited = set(text, ['model'], 'qwen');
  expect(edited).toBe(text.replace('"gpt-5"', '"qwen"'));
  expect(set(edited, ['model'], 'gpt-5')).toBe(text);
});

test.each([
  ['nothing', '', 'model = "qwen"\n'],
  ['comments alone', '# mine', 'model = "qwen"\n# mine'],
  ['a table', '[tui]\ntheme = "x"\n', 'model = "qwen"\n[tui]\ntheme = "x"\n'],
  ['root keys and a comment of the table', 'a = 1\n# of tui\n[tui]\n', 'a = 1\nmodel = "qwen"\n# of tui\n[tui]\n'],
  ['a dotted root key', 'tui.theme = "x"\n', 'model = "qwen"\ntui.theme = "x"\n'],
  ['an array of tables', '[[hooks]]\nx = 1\n', 'model = "qwen"\n[[hooks]]\nx = 1\n'],
])('a root key is added to %s, and removed again', (_, text, expected) => {
  const edited = set(text, ['model'], 'qwen');
  expect(edited).toBe(expected);
  expect(set(edited, ['model'], undefined)).toBe(text);
});

const OURS = ['model_providers', 'ours', 'name'];

test.each([
  ['nothing', '', '[model_providers.ours]\nname = "O"\n', ''],
  ['root keys', 'a = 1\n', 'a = 1\n\n[model_providers.ours]\nname = "O"\n', 'a = 1\n'],
  ['a table', '[tui]\na = 1', '[tui]\na = 1\n\n[model_providers.ours]\nname = "O"\n', '[tui]\na = 1\n'],
  [
    'its own table, to which the user added a key',
    '[model_providers.ours]\nmine = 1 # mine\n\n[tui]\na = 1\n',
    '[model_providers.ours]\nmine = 1 # mine\nname = "O"\n\n[tui]\na = 1\n',
    '[model_providers.ours]\nmine = 1 # mine\n\n[tui]\na = 1\n',
  ],
  ['its own table, empty', '[model_providers.ours]\n', '[model_providers.ours]\nname = "O"\n', ''],
  [
    'dotted keys',
    'model_providers.ours.a = 1\n',
    'model_providers.ours.a = 1\nmodel_providers.ours.name = "O"\n',
    'model_providers.ours.a = 1\n',
  ],
  [
    'dotted keys in a table',
    '[model_providers]\nours.a = 1\n',
    '[model_providers]\nours.a = 1\nours.name = "O"\n',
    '[model_providers]\nours.a = 1\n',
  ],
  [
    'an inline table',
    'model_providers = { other = { name = "X" } } # mine\n',
    'model_providers = { other = { name = "X" }, ours = { name = "O" } } # mine\n',
    'model_providers = { other = { name = "X" } } # mine\n',
  ],
])('a key of a table is added to %s, and removed again', (_, text, expected, back) => {
  const edited = set(text, OURS, 'O');
  expect(edited).toBe(expected);
  expect(set(edited, OURS, undefined)).toBe(back);
});

test('removing the last key of a table removes its header, unless the table has a comment', () => {
  expect(set('a = 1\n\n[model_providers.ours]\nname = "O"\n\n[tui]\nb = 1\n', OURS, undefined)).toBe(
    'a = 1\n\n[tui]\nb = 1\n',
  );
  const commented = '[model_providers.ours]\n# mine\nname = "O"\n';
  expect(set(commented, OURS, undefined)).toBe('[model_providers.ours]\n# mine\n');
});

test('removing a missing key changes nothing', () => {
  const text = 'a = { b = 1 }\n';
  expect(set(text, ['a', 'c'], undefined)).toBe(text);
  expect(set(text, ['model'], undefined)).toBe(text);
});

test.each([[['-c', 'pass show "x"']], [65_536], [true], [{ a: [1] }]])('%j keeps its type', (value) => {
  expect(readToml('config.toml', set('', ['key'], value))).toEqual({ key: value });
});

test('an error names the file and the problem, and does not quote the file', () => {
  expect(() => readToml('/home/me/config.toml', 'key = "sk-secret')).toThrow(
    /^\/home\/me\/config.toml is not valid TOML: .*; correct it first$/,
  );
  expect(() => readToml('/home/me/config.toml', 'key = "sk-secret')).not.toThrow(/sk-secret/);
});
