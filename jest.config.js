/** Unit and contract tests: pure functions, constructs, emitted YAML against contracts. Seconds, no other step first. */
const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs', ignoreDynamic: true },
  sourceMaps: 'inline',
};

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.js',
  runtime: '<rootDir>/test/support/runtime.js',
  roots: ['<rootDir>/packages', '<rootDir>/scripts', '<rootDir>/test', '<rootDir>/tools', '<rootDir>/examples'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/lib/', '\\.acceptance\\.test\\.ts$'],
  modulePathIgnorePatterns: ['/lib/', '/cdktf.out/'],
  transform: { '\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: {
    '^archiver$': '<rootDir>/test/support/archiver.js',
    '^@org/ollama-eks$': '<rootDir>/packages/ollama-eks/src/index.ts',
    '^@org/ollama-eks-tools/(.*)$': '<rootDir>/tools/src/$1.ts',
    '^@org/ollama-eks/pure$': '<rootDir>/packages/ollama-eks/src/pure.ts',
    '^@org/ollama-eks/testing$': '<rootDir>/packages/ollama-eks/src/testing/index.ts',
  },
  globalSetup: '<rootDir>/test/support/setup.ts',
  globalTeardown: '<rootDir>/test/support/teardown.ts',
  maxWorkers: 4, // two more than the cores of small machines: some tests wait for processes
  testTimeout: 30_000, // of a hang; a busy machine may take ten times as long as an idle one
};
