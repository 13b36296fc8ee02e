import { synthFailure } from '@org/ollama-eks-tools/synth-failure';

test('a failed synth reports the problem without a stack trace', () => {
  const stack = '    at Object.<anonymous> (/x/main.js:2:7)\n\nNode.js v20.20.2\n';
  expect(synthFailure(`/x/main.js:2\nthrow new V();\n^\n\nValidationError: a = 1: is bad\n${stack}`)).toEqual({
    words: 'a = 1: is bad',
    usage: true,
  });
  const missing =
    "Error: Cannot find module '/x/lib/main.js'\n" +
    stack.replace('\n\n', " {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n");
  expect(synthFailure(missing)).toEqual({
    words: '/x/lib/main.js does not exist; build it first: npm run build',
    usage: true,
  });
  expect(synthFailure('oh no\n')).toEqual({ words: 'oh no', usage: false });
});
