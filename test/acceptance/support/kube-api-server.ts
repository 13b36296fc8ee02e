import { join } from 'node:path';
import { runProgram, type Output, type ProgramOptions } from './program';
import { tool } from './tools';
import { workDir } from './work-dir';

/** A kube-apiserver without nodes or controllers: validation, admission and storage are real, nothing runs. */
export interface KubeApiServer {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Runs kubectl as administrator. Rejects if the exit code is not allowed. */
  kubectl(args: readonly string[], options?: ProgramOptions): Promise<Output>;
}

/** Needs of a suite that calls `kubeApiServer`. */
export const KUBE_NEEDS = ['kube-start', 'kubectl'] as const;

/** Starts etcd and kube-apiserver before the tests of the suite in which this is called, and ends them after. */
export function kubeApiServer(): KubeApiServer {
  // Hooks run in the order of their declaration: the folder, which says what to stop, is removed after that.
  afterAll(async () => {
    await runProgram(join(tool('kube-start'), '../kube-stop'), [dir]);
  });
  const dir = workDir();
  const kubeconfig = join(dir, 'kubeconfig');
  beforeAll(async () => {
    await runProgram(tool('kube-start'), [dir]);
  }, 180_000);
  return {
    kubeconfig,
    kubectl: async (args, options = {}) =>
      runProgram(tool('kubectl'), args, { ...options, env: { ...options.env, KUBECONFIG: kubeconfig } }),
  };
}
