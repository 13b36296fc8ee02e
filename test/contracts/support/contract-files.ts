import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { leaveOut } from '../../support/leave-out';

/** Folder that describes what other systems accept. It is next to the repository, not in it. */
const CONTRACTS = resolve(__dirname, '../../../../shared/contracts');

const missing = new Set<string>();

/** Declares checks against contracts; without any contracts, one skipped test that says so. */
export function describeContracts(name: string, checks: () => void): void {
  if (existsSync(CONTRACTS)) describe(name, checks);
  else leaveOut(name, `no contracts at ${CONTRACTS}`);
}

/** Returns the text of a contract file by its path below `contracts/`; undefined, and reported once, if it is missing. */
export function readContract(path: string): string | undefined {
  const file = join(CONTRACTS, path);
  if (existsSync(file)) {
    return readFileSync(file, 'utf8');
  }
  if (!missing.has(path)) {
    missing.add(path);
    process.stderr.write(`left out: contract checks against ${path}, which is missing (${missing.size} so far)\n`);
  }
  return undefined;
}
