import { runProgram, type ProgramOptions } from './program';
import { tool } from './tools';

/** Warnings of `istioctl analyze`, as `IST0133 EnvoyFilter istio-ingress/overload-reply`. */
export async function analyze(args: readonly string[], options?: ProgramOptions): Promise<readonly string[]> {
  const all = ['analyze', '--all-namespaces', '--output-threshold', 'Warning', '--output', 'json', ...args];
  const { stdout } = await runProgram(tool('istioctl'), all, options);
  const found = JSON.parse(stdout) as readonly { readonly code: string; readonly origin: string }[];
  return found.map(({ code, origin }) => `${code} ${origin}`).sort();
}

/** Output of `istioctl validate` for files or folders. Rejects if an object is not valid. */
export async function validate(paths: readonly string[]): Promise<string> {
  const { stderr } = await runProgram(tool('istioctl'), ['validate', ...paths.flatMap((path) => ['--filename', path])]);
  return stderr;
}
