// Konnect as a command: node test/emulators/konnect/main.js [--port N] [--token T] [--geo us] [--speed VIRTUAL_SECONDS_PER_SECOND]
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};

require('./main.ts').main(process.argv.slice(2));
