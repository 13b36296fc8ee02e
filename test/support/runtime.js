const { sep } = require('node:path');
const { default: Runtime } = require('jest-runtime');

const INSTALLED = `${sep}node_modules${sep}`;

/** Texts of the files of installed packages, which no run of the tests changes. */
const installed = new Map();

/** Texts of the files that a test file loads, by path. */
class Texts extends Map {
  get(path) {
    return super.get(path) ?? installed.get(path);
  }

  set(path, text) {
    if (path.includes(INSTALLED)) installed.set(path, text);
    else super.set(path, text);
    return this;
  }
}

/**
 * Jest's runtime, which reads a file of an installed package once per worker, instead of once per test file.
 *
 * @see https://jestjs.io/docs/configuration#runtime-string
 */
module.exports = class extends Runtime {
  constructor(config, environment, resolver, transformer, texts, ...rest) {
    super(config, environment, resolver, transformer, new Texts(texts), ...rest);
  }
};
