import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  coldStart,
  creationTasks,
  creationTime,
  criticalPath,
  type CriticalPath,
  firstAnswerSeconds,
  SYNC_WAVE,
  type Task,
  type TerraformResources,
} from '@org/ollama-eks/pure';
import { REPOSITORY, type Synthesis } from '../examples';

type Tasks = Readonly<Record<string, Task>>;

/** Applications by wave of Argo CD. */
export type Waves = Readonly<Record<number, readonly string[]>>;

/** How an endpoint is created for the first time, in a form that allows critical paths to be compared. */
export interface Deployment {
  /** Resources of Terraform, by address. */
  readonly infrastructure: Tasks;
  readonly platform: Tasks;
  readonly waves: Waves;
  /** Whether the load balancer is created by a controller from the Gateway, not by Terraform. */
  readonly controllerBalancer: boolean;
  /** Whether GPU nodes run before the platform exists, so that the model waits for none. */
  readonly nodesFirst: boolean;
  /** Whether Konnect's network is requested first, not after the applications. */
  readonly konnectFirst: boolean;
}

/** The longest chains of a deployment. */
export interface DeploymentPath {
  readonly infrastructure: CriticalPath;
  /** Until every Application is healthy, without Konnect. */
  readonly applications: CriticalPath;
  readonly whole: CriticalPath;
}

/** The load takes about half a minute in the example: assumed for both. */
const LOAD = { coldLoadSeconds: 30 };
/** Applications that are healthy only when the model is pulled. */
const MODEL_APPLICATIONS = ['ollama-model-prover', 'model-loader'];

/** Returns the longest chains until the infrastructure exists, until all is delivered, and until the path through Kong exists too. */
export function deploymentPath(deployment: Deployment): DeploymentPath {
  const infrastructure = criticalPath(deployment.infrastructure);
  const platform = criticalPath(deployment.platform);
  const waves = Object.entries(deployment.waves)
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([wave, names]) => [`wave ${wave}`, longestOf(names, deployment)] as const);
  const chain = [
    ['infrastructure', infrastructure.seconds] as const,
    ['platform', platform.seconds] as const,
    ...waves,
  ];
  const tasks = Object.fromEntries(
    chain.map(([name, seconds], index) => [
      name,
      { seconds, needs: chain.slice(index - 1, index).map(([last]) => last) },
    ]),
  );
  const last = chain.map(([name]) => name).slice(-1);
  return {
    infrastructure,
    applications: criticalPath(tasks),
    whole: criticalPath({ ...tasks, ...konnect(last, deployment) }),
  };
}

function longestOf(names: readonly string[], { controllerBalancer, nodesFirst }: Deployment): number {
  const secondsOf = (name: string): number => {
    if (MODEL_APPLICATIONS.includes(name)) return firstAnswerSeconds(LOAD) - (nodesFirst ? coldStart(LOAD).node : 0);
    return creationTime(name === 'gateway' && controllerBalancer ? 'aws_lb' : 'application').seconds;
  };
  return Math.max(...names.map(secondsOf));
}

function konnect(applications: readonly string[], { konnectFirst }: Deployment): Tasks {
  const task = (type: string, needs: readonly string[]): Task => ({ seconds: creationTime(type).seconds, needs });
  return {
    'Konnect network': task('konnect_network', konnectFirst ? [] : applications),
    'data plane group': task('konnect_gateways', ['Konnect network']),
    attachment: task('konnect_attachment', ['Konnect network', 'platform']),
  };
}

/** Returns the deployment of an example, from what it synthesized and its tree in Git. */
export function deploymentOf({ example, stacks }: Synthesis): Deployment {
  const tasksOf = (name: string): Tasks => {
    const dir = stacks.find((stack) => stack.name === name)?.dir ?? '';
    const { resource } = JSON.parse(readFileSync(join(dir, 'cdk.tf.json'), 'utf8')) as { resource: TerraformResources };
    return creationTasks(resource);
  };
  return {
    infrastructure: tasksOf('infra'),
    platform: tasksOf('platform'),
    waves: wavesIn(join(REPOSITORY, 'argocd', example, 'templates')),
    controllerBalancer: false,
    nodesFirst: false,
    konnectFirst: true,
  };
}

function wavesIn(folder: string): Waves {
  const waves: Record<number, string[]> = {};
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    const wave = Number(text.split(`${SYNC_WAVE}: '`)[1]?.split("'")[0]);
    (waves[wave] ??= []).push(file.replace(/^\d+-|\.yaml$/g, ''));
  }
  return waves;
}
