/** Scripts inside other files, which tools/shellcheck and tools/lua check. */
import { embeddedScripts, type Language, scriptsIn } from '@org/ollama-eks-tools/embedded-scripts';
import { LuaProgram } from '../kong/support/lua';

test('strings with a shebang are shell scripts', () => {
  const yaml = 'data:\n  a.sh: |\n    #!/bin/sh\n    true\n  b.txt: |\n    true\n';
  expect(scriptsIn('some/configmap.yaml', yaml)).toEqual([
    { language: 'shell', path: 'some/configmap.yaml/data/a.sh', text: '#!/bin/sh\ntrue\n' },
  ]);
});

test('steps of workflows are shell scripts, without expressions of GitHub', () => {
  const yaml = 'jobs:\n  ci:\n    steps:\n      - uses: some/action\n      - run: echo ${{ github.ref }}\n';
  expect(scriptsIn('.github/workflows/ci.yml', yaml)).toEqual([
    {
      language: 'shell',
      path: '.github/workflows/ci.yml/jobs/ci/steps/1/run',
      text: '#!/usr/bin/env bash\necho EXPRESSION',
    },
  ]);
  expect(scriptsIn('argocd/some.yaml', yaml)).toEqual([]);
});

test('functions of Kong are Lua', () => {
  const yaml =
    'plugins:\n  - name: key-auth\n    config: { a: b }\n  - name: pre-function\n    config: { access: [x()] }\n';
  expect(scriptsIn('deck/some.yaml', yaml)).toEqual([
    { language: 'luajit', path: 'deck/some.yaml/plugins/1/config/access/0', text: 'x()' },
  ]);
});

test('all kinds of scripts are found', () => {
  const pathsOf = (language: Language): string[] =>
    embeddedScripts()
      .filter((script) => script.language === language)
      .map(({ path }) => path);
  const names = pathsOf('shell').map((path) => path.split('/').at(-1));
  expect(names).toEqual(expect.arrayContaining(['prove.sh', 'run', 'server.sh']));
  expect(pathsOf('luajit').map((path) => /config\/(\w+)\/\d+$/.exec(path)?.[1])).toEqual(
    expect.arrayContaining(['access']),
  );
  expect(pathsOf('lua5.1')).toEqual(['APPLICATION_HEALTH_CHECK', 'CRD_HEALTH_CHECK']);
});

test.each(embeddedScripts().filter(({ language }) => language !== 'shell'))('$path compiles', ({ text }) => {
  expect(() => new LuaProgram(text)).not.toThrow();
});

test('Lua with a syntax error does not compile', () => {
  expect(() => new LuaProgram('return (')).toThrow('unexpected symbol');
});
