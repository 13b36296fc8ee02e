/** Runs a script of a `package.json` (its argument) in a child, as `npm run` does, so that a script of several programs is measured as one. */
import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

const script = process.argv[2] ?? '';
const path = [join(__dirname, '../../../node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
execFileSync('sh', ['-c', script], { stdio: 'inherit', env: { ...process.env, PATH: path } });
