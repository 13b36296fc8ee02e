const asyncHooks = require('node:async_hooks');
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/** What the test files of a worker share, although each one has its own globals: values that are slow to create. */
const shared = new Map();

/** Storages that a test file has created. Each one that stays enabled slows down every promise of later files. */
const storages = new Set();
asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...options) {
    super(...options);
    storages.add(this);
  }
};

/**
 * Modules that a test file has loaded, by path. Jest compiles each of them again for every test file; a script runs in the globals of any,
 * and keeps what V8 has compiled of it, functions that were called included.
 */
const compiled = new Map();
const { compileFunction } = vm;
vm.compileFunction = (source, parameters, options) => {
  if (options?.parsingContext === undefined) return compileFunction(source, parameters, options);
  const { filename, parsingContext } = options;
  const head = `(function (${parameters.join(', ')}) {`;
  let known = compiled.get(filename);
  if (known?.source !== source || known.head !== head) {
    const script = new vm.Script(`${head}${source}\n})`, { filename, columnOffset: -head.length });
    compiled.set(filename, (known = { head, source, script }));
  }
  return known.script.runInContext(parsingContext);
};

/** Node's environment, with `globalThis.sharedByTestFiles`. */
module.exports = class extends TestEnvironment {
  constructor(...options) {
    super(...options);
    this.global.sharedByTestFiles = shared;
  }

  async teardown() {
    storages.forEach((storage) => storage.disable());
    storages.clear();
    await super.teardown();
  }
};
