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

/** Modules that a test file has loaded, so that later files need not parse them again. */
const parsed = new Map();
const { compileFunction } = vm;
vm.compileFunction = (source, parameters, options) => {
  const key = [options?.filename, parameters, source].join('\0');
  const cachedData = parsed.get(key);
  const compiled = compileFunction(source, parameters, { ...options, cachedData, produceCachedData: !cachedData });
  if (!cachedData) parsed.set(key, compiled.cachedData);
  return compiled;
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
