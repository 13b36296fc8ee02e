/** The real other side: Terraform, OpenTofu, kube-apiserver, Helm. Minutes; builds first. */
const unit = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...unit,
  testMatch: ['**/*.acceptance.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/lib/'],
  globalSetup: '<rootDir>/test/acceptance/support/setup.ts',
  testTimeout: 600_000,
};
