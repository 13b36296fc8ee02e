import { GATEWAY_LABELS, GATEWAY_NAME, GATEWAY_NAMESPACE, MESH_NAMESPACE, OLLAMA } from '@org/ollama-eks/pure';
import { describeApplication, isSettled, listApplications, type ArgoApplication } from '../argo/application';
import { causesOf } from '../argo/causes';
import { hasGivenUp, startSync } from '../argo/failed-syncs';
import { endOlderSyncs, syncsOlderSource } from '../argo/older-syncs';
import { fail, ok, skipped, warn, type Check, type Outcome } from '../checks/findings';
import { remedyOf } from '../checks/kong-checks';
import { meshFaults } from '../checks/mesh-nodes';
import { excerpt, type Endpoint } from '../endpoint/endpoint';
import { EXISTS, konnectName, stateText, type KonnectState } from '../konnect/status';
import { isReady, serverPods, type Pod } from '../pools/server-pods';
import { counted } from '../program/words';
import type { Aws } from '../systems/aws';
import { gatewayCertificates, problemsIn, readGateway, reasonOf, type HttpRoute } from '../systems/gateway-objects';
import { isTypeMissing, type Kubectl, type KubernetesObject } from '../systems/kubectl';
import { controllerCertificate } from './controller-certificate';

const GATEWAY_SELECTOR = Object.entries(GATEWAY_LABELS)
  .map(([label, value]) => `${label}=${value}`)
  .join(',');

const DAY = 86_400_000;
/** Days before its end from which a certificate is reported. */
const EXPIRES_SOON_DAYS = 30;

/** States of Konnect's objects that need no action. */
const GOOD = [EXISTS, 'ready'];
/** What to do about an attachment, by its state. @see https://developer.konghq.com/dedicated-cloud-gateways/transit-gateways/ */
const STUCK: readonly (readonly [RegExp, string])[] = [
  [/pending-acceptance/, 'the attachment waits for acceptance in your account: ollama-eks deploy accepts it'],
  [
    /initializing/,
    "the RAM share must first be associated with Kong's account: ollama-eks konnect up does that and waits",
  ],
  [/missing|detached|terminat|error/, 'ollama-eks konnect status, then ollama-eks konnect up'],
];

interface TargetGroupBinding extends KubernetesObject {
  readonly spec: { readonly targetGroupName?: string };
}

/** What the checks between Kong and the servers need. */
export interface PathSite {
  readonly kubectl: Kubectl;
  readonly aws: Aws;
  /** Namespace of Argo CD, if it is installed. */
  readonly argoNamespace: string;
  readonly now: () => number;
  /** States of Konnect's objects; undefined without a token. */
  readonly konnect: (() => Promise<readonly KonnectState[]>) | undefined;
  /** The endpoint; undefined if its address is not known. */
  readonly endpoint: (() => Promise<Endpoint>) | undefined;
}

/** Returns the checks of everything between Kong and the servers. */
export function pathChecks(site: PathSite): readonly Check[] {
  return [
    { id: 'applications', title: 'every Application is synced and healthy', run: () => applications(site) },
    { id: 'mesh', title: 'the mesh is ready', run: () => mesh(site) },
    { id: 'gateway', title: 'the gateway accepts requests', run: () => gateway(site) },
    { id: 'certificate', title: 'the certificate is valid', run: () => certificate(site) },
    {
      id: 'controller-certificate',
      title: "the API server trusts the load balancer controller's webhooks",
      run: async () => controllerCertificate(site.kubectl, await allApplications(site)),
    },
    { id: 'targets', title: 'the load balancer reaches the gateway', run: () => targets(site) },
    { id: 'konnect', title: "Konnect's objects are ready", run: () => konnect(site) },
    { id: 'endpoint', title: 'Kong answers', run: () => answer(site) },
  ];
}

async function applications(site: PathSite): Promise<Outcome> {
  const { kubectl, argoNamespace } = site;
  const all = await allApplications(site);
  if (all.length === 0) return skipped('no Applications: not delivered by Argo CD');
  const stuck = all.filter((application) => !isSettled(application));
  const [first] = stuck;
  if (first === undefined) return ok(`${counted(all.length, 'Application')} synced and healthy`);
  const older = all.filter(syncsOlderSource);
  if (older.length > 0) {
    const names = older.map(nameOf).join(', ');
    return {
      ...fail(
        `${names}: a sync of an older source is still running and blocks the new one`,
        'ollama-eks diagnose --fix',
      ),
      repair: {
        title: `end the sync of an older source of ${names}`,
        run: () => endOlderSyncs(kubectl, argoNamespace, older),
      },
    };
  }
  const detail = await Promise.all(
    stuck.map(async (application) => describeApplication(application, await causesOf(kubectl, application))),
  );
  const over = stuck.filter(hasGivenUp);
  if (over.length === 0) {
    return fail(detail.join('; '), `kubectl --namespace ${argoNamespace} describe application ${nameOf(first)}`);
  }
  const names = over.map(nameOf).join(', ');
  return {
    ...fail(
      `${detail.join('; ')}; Argo CD has given up on ${names}`,
      'fix the cause, then run ollama-eks diagnose --fix, which starts the sync again, or ollama-eks deploy',
    ),
    repair: {
      title: `start the sync of ${names} again`,
      run: async () => {
        for (const application of over) await startSync(kubectl, argoNamespace, application);
      },
    },
  };
}

/** Lists the Applications; none without Argo CD. */
function allApplications({ kubectl, argoNamespace }: PathSite): Promise<readonly ArgoApplication[]> {
  return listApplications(kubectl, argoNamespace).catch((error: unknown) => {
    if (isTypeMissing(error)) return [];
    throw error;
  });
}

function nameOf({ metadata }: KubernetesObject): string {
  return metadata.name;
}

async function mesh({ kubectl, now }: PathSite): Promise<Outcome> {
  const pods = await kubectl.list<Pod>('pods', MESH_NAMESPACE);
  if (pods.length === 0)
    return fail(`namespace ${MESH_NAMESPACE} has no pods`, 'ollama-eks status shows the Applications of Istio');
  const [fault] = meshFaults(pods, await serverPods(kubectl), now());
  if (fault !== undefined) return fail(fault.problem, fault.remedy);
  const bad = pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name);
  return bad.length === 0
    ? ok(`${counted(pods.length, 'pod')} ready`)
    : fail(`not ready: ${bad.join(', ')}`, `kubectl --namespace ${MESH_NAMESPACE} describe pod ${bad[0] ?? ''}`);
}

async function gateway({ kubectl }: PathSite): Promise<Outcome> {
  const object = await readGateway(kubectl);
  if (object === undefined)
    return fail(`Gateway ${GATEWAY_NAME} does not exist`, 'ollama-eks status shows its Application');
  const programmed = object.status?.conditions?.find(({ type }) => type === 'Programmed');
  if (programmed?.status !== 'True') {
    return fail(
      `not programmed: ${programmed?.message ?? 'istiod has not processed it'}`,
      `kubectl --namespace ${GATEWAY_NAMESPACE} describe gateway ${GATEWAY_NAME}`,
    );
  }
  const pods = await kubectl.list<Pod>('pods', GATEWAY_NAMESPACE, GATEWAY_SELECTOR);
  if (!pods.some(isReady))
    return fail(
      `no gateway pod is ready, of ${String(pods.length)}`,
      `kubectl --namespace ${GATEWAY_NAMESPACE} describe pod`,
    );
  const routes = await kubectl.list<HttpRoute>('httproutes.gateway.networking.k8s.io', OLLAMA);
  for (const { metadata, status } of routes) {
    const conditions = (status?.parents ?? []).flatMap((parent) => parent.conditions ?? []);
    if (conditions.length === 0) {
      return fail(
        `HTTPRoute ${metadata.name}: no gateway has accepted it`,
        `kubectl --namespace ${OLLAMA} describe httproute ${metadata.name}`,
      );
    }
    const [refused] = problemsIn(conditions);
    if (refused !== undefined) {
      return fail(
        `HTTPRoute ${metadata.name}: ${refused.type} is ${refused.status}: ${reasonOf(refused)}`,
        `kubectl --namespace ${OLLAMA} describe httproute ${metadata.name}`,
      );
    }
  }
  return routes.length === 0
    ? fail(`no HTTPRoute in ${OLLAMA}`, 'ollama-eks status shows the Application of the exposure')
    : ok(`${counted(pods.filter(isReady).length, 'gateway pod')}, ${counted(routes.length, 'route')}`);
}

async function certificate({ kubectl, now }: PathSite): Promise<Outcome> {
  const object = await readGateway(kubectl);
  if (object === undefined) return skipped('the gateway does not exist');
  const certificates = await gatewayCertificates(kubectl, object);
  if (certificates.size === 0) {
    return fail('no listener has a certificate', 'ollama-eks status shows the Application of the exposure');
  }
  for (const [name, found] of certificates) {
    if (found === undefined) return fail(`Secret ${name} has no certificate`, 'ollama-eks deploy writes it');
    const days = Math.floor((Date.parse(found.validTo) - now()) / DAY);
    if (days < 0)
      return fail(
        `${name} expired ${counted(-days, 'day')} ago: ${found.validTo}`,
        'ollama-eks deploy renews it, then ollama-eks kong sync',
      );
    if (days < EXPIRES_SOON_DAYS)
      return warn(
        `${name} expires in ${counted(days, 'day')}`,
        'ollama-eks deploy renews it, then ollama-eks kong sync',
      );
  }
  return ok('valid for more than a month');
}

async function targets({ kubectl, aws }: PathSite): Promise<Outcome> {
  const bindings = await kubectl.list<TargetGroupBinding>('targetgroupbindings.elbv2.k8s.aws', GATEWAY_NAMESPACE);
  const names = bindings.flatMap(({ spec }) => spec.targetGroupName ?? []);
  if (names.length === 0)
    return fail(
      'no TargetGroupBinding: the gateway is not behind a load balancer',
      'ollama-eks status shows the Application of the exposure',
    );
  for (const name of names) {
    const health = await aws.targetHealth(name);
    if (health.length === 0) {
      return fail(
        `target group ${name} has no targets`,
        'kubectl --namespace kube-system logs --selector app.kubernetes.io/name=aws-load-balancer-controller',
      );
    }
    const bad = health.filter(({ state }) => state !== 'healthy');
    if (bad.length === health.length) {
      const [first] = bad;
      return fail(
        `no target of ${name} is healthy: ${first?.target ?? ''} ${first?.reason ?? first?.state ?? ''}`,
        "see the finding gateway; the nodes' security group must allow the load balancer",
      );
    }
    if (bad.length > 0)
      return warn(
        `${name}: ${bad.map(({ target, state }) => `${target} ${state}`).join(', ')}`,
        'see the finding gateway',
      );
  }
  return ok(`${names.join(', ')}: every target is healthy`);
}

async function konnect({ konnect: states }: PathSite): Promise<Outcome> {
  if (states === undefined) return skipped('no token: set KONNECT_TOKEN');
  const all = await states();
  if (all.length === 0) return fail('Konnect has no objects of this cluster', 'ollama-eks konnect up');
  const stuck = all.filter(({ state }) => !GOOD.includes(state));
  const [first] = stuck;
  if (first === undefined) return ok(all.map(konnectName).join(', '));
  const remedy = STUCK.find(([pattern]) => pattern.test(first.state))?.[1];
  return fail(
    stuck.map((one) => `${konnectName(one)} is ${stateText(one)}`).join('; '),
    remedy ?? 'ollama-eks konnect status',
  );
}

async function answer({ endpoint }: PathSite): Promise<Outcome> {
  if (endpoint === undefined) return skipped('the address of Kong is not known: set OLLAMA_EKS_URL');
  const { status, body } = await (await endpoint()).send('GET', '/api/version');
  return status === 200 ? ok('200') : fail(`${String(status)}: ${excerpt(body)}`, remedyOf(status, body));
}
