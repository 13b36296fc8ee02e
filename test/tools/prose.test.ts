/** The ESLint rule that keeps prose in plain American English: what it reads, ignores and reports. */
import { type ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';

const prose = jest.requireActual<ESLint.Plugin & { readonly processors: Record<string, Linter.Processor> }>(
  '../../tools/eslint/prose.js',
);

/** Lines and phrases that the rule reports. */
function reported(code: string, filename = 'some.ts', options: { titlesOnly?: boolean } = {}): readonly string[] {
  const config: Linter.Config[] = [
    {
      files: ['**/*.ts', '**/*.js'],
      languageOptions: { parser: tseslint.parser },
      plugins: { prose },
      rules: { 'prose/plain-english': ['error', options] },
    },
    { files: ['**/*.md'], plugins: { prose }, processor: 'prose/markdown' },
  ];
  const found = new Linter().verify(code, config, { filename });
  return found.map(({ line, message }) => `${line}: ${/^"(.*)" is not/.exec(message)?.[1] ?? message}`);
}

describe('what is read', () => {
  test.each([
    ['a comment', '// it hangs on the network', '1: hangs on'],
    ['a phrase that continues on the next line of a comment', '/**\n * it hangs\n * on it\n */', '2: hangs * on'],
    ['a phrase that continues in the next comment', '// it hangs\n// on it', '1: hangs // on'],
    ['a string', "f('it hangs on it')", '1: hangs on'],
    ['a template', 'f(`${a} hangs on ${b}`)', '1: hangs on'],
    ['a phrase that continues in the next string', "f('it hangs ' +\n  'on it')", "1: hangs ' + 'on"],
    ['a phrase whose case differs', '// Whoever reads it', '1: Whoever'],
  ])('%s', (_, code, expected) => {
    expect(reported(code)).toEqual([expected]);
  });

  test('Markdown, at its own lines', () => {
    expect(reported('# Title\n\nA cluster made\nelsewhere.\n', 'README.md')).toEqual(['3: made elsewhere']);
  });

  test('in tests: comments and titles', () => {
    const code = `
      // it hangs on it
      test('it hangs on it', () => expect(answer).toBe('it hangs on it'));
      test.each([['it hangs on it']])('%s hangs on it', () => undefined);
    `;
    expect(reported(code, 'some.test.ts', { titlesOnly: true })).toEqual(['2: hangs on', '3: hangs on', '4: hangs on']);
  });
});

describe('what is ignored', () => {
  test.each([
    ['identifiers', 'const neighbours = { told: anew.colour }; f(whoever)'],
    ['names in strings', "import colour from './colour'; f({ 'told': 'anew' })"],
    ['a comment and the code after it', '// it hangs\non(x)'],
    [
      'plain English with the same words',
      '// there is no server; it is no longer used; M stands for mega; can it not be read?',
    ],
    ['contractions in comments', "// it isn't read"],
    ['paths and members in text', "f('POST /_emulator/behaviour sets emulator.behaviour')"],
  ])('%s', (_, code) => {
    expect(reported(code)).toEqual([]);
  });
});

describe('what is reported', () => {
  test.each([
    ['is no number that it can have', 'is no'],
    ['is something that Bottlerocket does', 'is something that'],
    ['is missing, and the stack does not tell it', 'tell'],
    ['there is nobody to ask; say --yes', 'there is nobody to'],
    ['one after the other it would be 104', 'one after the other'],
    ['whoever reads it can speak for the gateway', 'whoever'],
    ['where it lacks, nothing is served', 'where it lacks'],
    ['a cluster made elsewhere', 'made elsewhere'],
    ['before a month gets dear', 'dear'],
    ['EKS lets in nobody else', 'lets in'],
    ['it can’t be read', 'can’t'],
    ['it isn’t read', 'isn’t'],
    ['figures that cannot be', 'cannot be'],
    ['the behaviour of a server', 'behaviour'],
    ['synthesised anew', 'anew'],
  ])('%s', (message, phrase) => {
    expect(reported(`f('${message}')`).map((text) => text.slice(3))).toContain(phrase);
  });

  test('the phrase with its remedy', () => {
    const [found] = new Linter().verify("f('it can not')", [
      { plugins: { prose }, rules: { 'prose/plain-english': 'error' } },
    ]);
    expect(found?.message).toBe('"can not" is not plain American English; use: cannot');
  });
});
