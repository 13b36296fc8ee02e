#!/usr/bin/env node
// What npm links: there before the first build, so that `npx ollama-eks` never asks a registry for that name.
const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

const program = resolve(__dirname, '../lib/bin.js');
if (existsSync(program)) {
  require(program);
} else {
  console.error(`ollama-eks: ${program} is not built; run npm run build first`);
  process.exitCode = 2;
}
