/** Loaded into a measured process by `--require`. At exit, it writes the usage to the file named in the environment. */
import { writeFileSync } from 'node:fs';

/** Usage of one run of a program. */
export interface Usage {
  /** Maximum resident set size, in KiB. */
  readonly maxRss: number;
  /** Time of all threads on processors, in milliseconds. */
  readonly cpu: number;
  /** Provider modules loaded, as `aws/eks-cluster`, sorted. */
  readonly providerModules: readonly string[];
  /** Time that the program measured itself, in milliseconds; see `reportMilliseconds`. */
  readonly milliseconds?: number;
}

const MODULE = /@cdktf[/\\]provider-([a-z]+)[/\\]lib[/\\](?:([a-z0-9-]+)[/\\])?index\.js$/;

let milliseconds: number | undefined;

/** Reports a time that a program measured itself. */
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
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage: Usage = {
    maxRss: maxRSS,
    cpu: (userCPUTime + systemCPUTime) / 1000,
    providerModules: providerModules.sort(),
    milliseconds,
  };
  writeFileSync(file, JSON.stringify(usage));
});
