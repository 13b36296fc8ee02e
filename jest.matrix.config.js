/** The unit tests on other versions than those that `npm ci` installs; see tools/matrix. */
const { join } = require('node:path');
const unit = require('./jest.config.js');

const variant = join(__dirname, '.cache/matrix', process.env.MATRIX_VARIANT ?? '');
const replaced = Object.keys(require(join(variant, 'package.json')).dependencies);

/** @type {import('jest').Config} */
module.exports = {
  ...unit,
  cacheDirectory: join(variant, 'jest'),
  moduleNameMapper: {
    ...unit.moduleNameMapper,
    ...Object.fromEntries(replaced.map((name) => [`^${name}(/.*)?$`, `${variant}/node_modules/${name}$1`])),
  },
};
