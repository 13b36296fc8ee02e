import { GATEWAY_NAMESPACE, MESH_NAMESPACE, OLLAMA, OLLAMA_PORT } from '@org/ollama-eks/pure';
import { fail, ok, skipped, warn, type Check, type Outcome } from '../checks/findings';
import { Endpoint } from '../endpoint/endpoint';
import { isServing, serverPods, type Pod } from '../pools/server-pods';
import type { Context } from '../program/context';
import { counted } from '../program/words';
import type { Kubectl, KubernetesObject } from '../systems/kubectl';
import { withPort } from '../systems/port-forward';
import { egress } from './egress-check';
import { gatewayChecks } from './gateway-checks';

/** Variables of Ollama that decide whether prompts leave the server or are logged. @see https://github.com/ollama/ollama/blob/v0.32.15/envconfig/config.go */
const NO_CLOUD = 'OLLAMA_NO_CLOUD';
const WRITES_PROMPTS = ['OLLAMA_DEBUG', 'OLLAMA_DEBUG_LOG_REQUESTS'];

/** The part of the VPC CNI that enforces policies, and the argument that turns it on. @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html */
const POLICY_AGENT = { daemonSet: 'aws-node', namespace: 'kube-system', argument: '--enable-network-policy=true' };

const TIMEOUT = 30_000;

/** Without a running server, a check has no evidence. */
const NO_SERVER = 'no server is running: ollama-eks scale resume';

interface DaemonSet extends KubernetesObject {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly args?: readonly string[] }[] } };
  };
}

/** Returns the checks that collect evidence from the cluster. */
export function clusterChecks(
  kubectl: Kubectl,
  context: Pick<Context, 'fetch' | 'clock' | 'signal'>,
): readonly Check[] {
  return [
    { id: 'cloud-off', title: "models of Ollama's cloud are off", run: () => cloudOff(kubectl) },
    { id: 'prompts-unwritten', title: 'servers do not log prompts', run: () => promptsUnwritten(kubectl) },
    { id: 'egress', title: 'egress is denied, except for pulls of models', run: () => egress(kubectl) },
    { id: 'policy-enforced', title: 'policies are enforced', run: () => enforced(kubectl) },
    ...gatewayChecks(kubectl),
    { id: 'images', title: 'images are pinned by digest', run: () => images(kubectl) },
    { id: 'models', title: 'all servers hold the same models', run: () => models(kubectl, context) },
  ];
}

/** Reads the environment of every pod: the Deployment may have changed since the pod was created. */
async function cloudOff(kubectl: Kubectl): Promise<Outcome> {
  const pods = await serverPods(kubectl);
  const open = pods.filter((pod) => !['1', 'true'].includes(variable(pod, NO_CLOUD) ?? '')).map(nameOf);
  if (pods.length === 0) return skipped(NO_SERVER);
  return open.length === 0
    ? ok(`${NO_CLOUD} is set in ${pods.map(nameOf).join(', ')}`)
    : fail(`${NO_CLOUD} is not set in ${open.join(', ')}`, 'sync the Application of the servers: ollama-eks status');
}

async function promptsUnwritten(kubectl: Kubectl): Promise<Outcome> {
  const pods = await serverPods(kubectl);
  if (pods.length === 0) return skipped(NO_SERVER);
  const writing = pods.flatMap((pod) =>
    WRITES_PROMPTS.filter((name) => !['', '0', 'false', undefined].includes(variable(pod, name))).map(
      (name) => `${nameOf(pod)}: ${name}`,
    ),
  );
  return writing.length === 0
    ? ok(`${WRITES_PROMPTS.join(' and ')} are off`)
    : fail(writing.join(', '), 'remove the variable and delete the pod: its log may contain prompts');
}

async function enforced(kubectl: Kubectl): Promise<Outcome> {
  const { daemonSet, namespace, argument } = POLICY_AGENT;
  const found = await kubectl.get<DaemonSet>('daemonset', daemonSet, namespace);
  if (found === undefined)
    return warn(
      `DaemonSet ${daemonSet} does not exist; another CNI must enforce policies`,
      'see the documentation of your CNI',
    );
  const on = found.spec.template.spec.containers.some(({ args = [] }) => args.includes(argument));
  return on
    ? ok(`${daemonSet} runs with ${argument}`)
    : fail(`${daemonSet} does not run with ${argument}`, 'ollama-eks deploy sets enableNetworkPolicy of vpc-cni');
}

async function images(kubectl: Kubectl): Promise<Outcome> {
  const pods = (
    await Promise.all(
      [OLLAMA, GATEWAY_NAMESPACE, MESH_NAMESPACE].map((namespace) => kubectl.list<Pod>('pods', namespace)),
    )
  ).flat();
  if (!pods.some(({ metadata }) => metadata.namespace === OLLAMA)) return skipped(NO_SERVER);
  const digests = new Set(
    pods
      .flatMap(({ status }) => [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
      .flatMap(({ imageID }) => imageID ?? []),
  );
  const loose = [
    ...new Set(
      pods
        .filter(({ metadata }) => metadata.namespace === OLLAMA)
        .flatMap(({ spec }) =>
          (spec.containers ?? []).flatMap(({ image }) => (image?.includes('@sha256:') === true ? [] : [image ?? '?'])),
        ),
    ),
  ];
  if (digests.size === 0) return fail('no container reports its image', 'ollama-eks diagnose');
  const evidence = { imageIds: [...digests].sort() };
  return loose.length === 0
    ? ok(`${counted(digests.size, 'image')}; those in ${OLLAMA} are pinned by digest`, evidence)
    : warn(`not pinned by digest: ${loose.join(', ')}`, 'add a digest to the image', evidence);
}

async function models(kubectl: Kubectl, context: Pick<Context, 'fetch' | 'clock' | 'signal'>): Promise<Outcome> {
  const pods = (await serverPods(kubectl)).filter(isServing);
  if (pods.length === 0) return skipped(NO_SERVER);
  const found: Record<string, Record<string, string>> = {};
  for (const pod of pods) {
    await withPort(kubectl, { namespace: OLLAMA, object: `pod/${nameOf(pod)}`, port: OLLAMA_PORT }, async (port) => {
      const endpoint = new Endpoint(context, `http://127.0.0.1:${String(port)}`, undefined, TIMEOUT);
      const listed = await endpoint.models<{ readonly name: string; readonly digest: string }>('/api/tags');
      found[nameOf(pod)] = Object.fromEntries((listed ?? []).map(({ name, digest }) => [name, `sha256:${digest}`]));
    });
  }
  const variants = new Set(Object.values(found).map((digests) => JSON.stringify(Object.entries(digests).sort())));
  if (variants.size > 1) return fail('servers hold different models', 'ollama-eks models list', found);
  const held = Object.entries(Object.values(found)[0] ?? {});
  if (held.length === 0) return fail('the servers have no models', 'ollama-eks models list', found);
  return ok(held.map(([name, digest]) => `${name} ${digest.slice(0, 19)}`).join(', '), found);
}

function variable({ spec }: Pod, name: string): string | undefined {
  return spec.containers?.find((container) => container.name === OLLAMA)?.env?.find((entry) => entry.name === name)
    ?.value;
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata.name;
}
