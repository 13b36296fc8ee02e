import { CliRig, type RunControl, type RunEnd } from './rig';

/** A command that is killed and run again. */
export interface Course {
  readonly name: string;
  readonly prepare: (rig: CliRig) => Promise<unknown>;
  readonly run: (rig: CliRig, control?: RunControl) => Promise<RunEnd>;
}

export const COURSES: readonly Course[] = [
  { name: 'deploy', prepare: () => Promise.resolve(), run: (rig, control) => rig.deploy(control) },
  { name: 'destroy', prepare: (rig) => rig.deploy(), run: (rig, control) => rig.destroy(control) },
];

/** How it ended. */
export interface KillReport {
  /** Calls after each of which the process was killed. */
  readonly points: number;
  /** Calls after which a second run failed or ended in a different state than an undisturbed one, or a third run changed something. */
  readonly differences: readonly string[];
}

/**
 * Kills a command after its calls to the outside, one in each run, when the call has taken effect and before its answer is heard; runs it
 * again; and compares with an undisturbed run.
 * @param stride 1 for every call
 */
export async function killAfterEvery({ prepare, run }: Course, stride: number): Promise<KillReport> {
  const undisturbed = new CliRig();
  await prepare(undisturbed);
  const { calls } = await run(undisturbed);
  const wanted = JSON.stringify(undisturbed.snapshot());
  undisturbed.dispose();
  const differences: string[] = [];
  let points = 0;
  for (let at = 1; at <= calls.length; at += stride) {
    const rig = new CliRig();
    await prepare(rig);
    const killed = await run(rig, { killAt: at });
    if (killed.code !== undefined) break; // it came to its end by another way
    points += 1;
    const again = await run(rig);
    const writes = rig.writes;
    const third = await run(rig);
    const where = `after call ${String(at)} (${killed.calls[at - 1] ?? ''})`;
    if (again.code !== 0) differences.push(`${where}: exit code ${String(again.code)}: ${again.err.slice(-400)}`);
    else if (JSON.stringify(rig.snapshot()) !== wanted) differences.push(`${where}: another state`);
    else if (third.code !== 0 || rig.writes !== writes) differences.push(`${where}: a run after success wrote`);
    rig.dispose();
  }
  return { points, differences };
}
