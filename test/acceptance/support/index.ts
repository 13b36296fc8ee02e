export { helm } from './helm';
export { KUBE_NEEDS, kubeApiServer, type KubeApiServer } from './kube-api-server';
export { runProgram, type Output, type ProgramOptions } from './program';
export { readStubLog, terraform, type Engine, type StubStep, type TerraformOptions } from './terraform';
export { missing, suite, tool, type Need, type Program, type Providers } from './tools';
export { workDir } from './work-dir';
