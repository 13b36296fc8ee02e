const { TestEnvironment } = require('jest-environment-node');

/** What the test files of a worker share, although each one has its own globals: values that are slow to create. */
const shared = new Map();

/** Node's environment, with `globalThis.sharedByTestFiles`. */
module.exports = class extends TestEnvironment {
  constructor(...args) {
    super(...args);
    this.global.sharedByTestFiles = shared;
  }
};
