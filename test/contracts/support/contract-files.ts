import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where what other systems accept lies: beside the repository, not in it. */
const CONTRACTS = resolve(__dirname, '../../../../shared/contracts');

const missing = new Set<string>();

/** A `describe` of checks against contracts; where there are none at all, one test that says what was left out. */
export function describeContracts(name: string, checks: () => void): void {
  describe(name, existsSync(CONTRACTS) ? checks : () => it(`left out: no contracts at ${CONTRACTS}`, () => undefined));
}

/** The text of a contract file, by its path below `contracts/`; undefined, and told once, where it is absent. */
export function readContract(path: string): string | undefined {
  const file = join(CONTRACTS, path);
  if (existsSync(file)) {
    return readFileSync(file, 'utf8');
  }
  if (!missing.has(path)) {
    missing.add(path);
    process.stderr.write(`left out: contract checks against ${path}, which is not there (${missing.size} so far)\n`);
  }
  return undefined;
}
