/** Loaded into a measured child by `--require`: at its end, writes what it used to the file named in the environment. */
import { writeFileSync } from 'node:fs';

/** What one run of a program used. */
export interface Usage {
  /** Largest resident set, in KiB. */
  readonly maxRss: number;
  /** Provider modules loaded, as `aws/eks-cluster`, sorted. */
  readonly providerModules: readonly string[];
  /** What the program measured itself, in milliseconds; see `reportMilliseconds`. */
  readonly milliseconds?: number;
}

const MODULE = /@cdktf[/\\]provider-([a-z]+)[/\\]lib[/\\](?:([a-z0-9-]+)[/\\])?index\.js$/;

let milliseconds: number | undefined;

/** For programs that measure a part of themselves. */
export function reportMilliseconds(value: number): void {
  milliseconds = value;
}

process.on('exit', () => {
  const file = process.env.OLLAMA_EKS_USAGE_FILE;
  if (file === undefined) return;
  const providerModules = Object.keys(require.cache).flatMap((path) => {
    const match = MODULE.exec(path);
    return match === null ? [] : [`${match[1] ?? ''}/${match[2] ?? 'index'}`];
  });
  const usage: Usage = {
    maxRss: process.resourceUsage().maxRSS,
    providerModules: providerModules.sort(),
    milliseconds,
  };
  writeFileSync(file, JSON.stringify(usage));
});
