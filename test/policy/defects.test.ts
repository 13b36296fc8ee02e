/** Defects of the original installation that default props exclude. */
import type { Application, ChartSource, Json, Manifest } from '@org/ollama-eks';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1';
import { committedInstallations } from '../support/committed-trees';
import { installations } from '../support/installations';
import { manifestsOf, namespacesOf } from './support/pods';
import { PolicyWalk } from './support/policy-walk';

const RETIRED = ['istio-release.storage.googleapis.com', 'gcr.io/istio-release', 'registry.istio.io'];
const EXACT = /^v?\d+\.\d+\.\d+$/;

const all = [...installations(), ...committedInstallations()];

describe.each(all.map((one) => [one.name, one] as const))('%s', (_, { applications, kongCidr }) => {
  const text = JSON.stringify(applications);
  const charts = applications.flatMap(({ source }) => (source.kind === 'chart' ? [source] : []));
  const manifests = manifestsOf(applications);
  const walk = new PolicyWalk(applications);

  it('row 1: Istio comes from its permanent repository, in a supported release', () => {
    expect(RETIRED.filter((location) => text.includes(location))).toEqual([]);
    for (const name of ['istio-base', 'istiod', 'istio-cni', 'ztunnel']) {
      expect(chart(applications, name)).toMatchObject({
        repository: 'https://blob.istio.io/istio-release/charts',
        version: expect.stringMatching(/^1\.3[01]\.\d+$/),
      });
    }
    for (const name of ['istiod', 'istio-cni', 'ztunnel']) {
      expect(valueAt(applications, name, 'global.hub')).toBe('docker.io/istio');
    }
  });

  it('row 6: the tolerations of istio-cni and ztunnel, which tolerate everything, are not replaced', () => {
    for (const name of ['istio-cni', 'ztunnel']) {
      expect(JSON.stringify(chart(applications, name).values)).not.toContain('tolerations');
    }
    expect(charts.map(({ values }) => JSON.stringify(values)).join()).not.toMatch(/"platform":/);
  });

  it('row 7: istiod fits a small node, never blocks a drain, and does not fight GitOps over its webhook', () => {
    const value = (path: string) => valueAt(applications, 'istiod', path);
    expect(value('pilot.resources.requests')).toEqual({ cpu: '200m', memory: '512Mi' });
    expect(value('pilot.autoscaleEnabled')).toBe(false);
    expect(value('global.defaultPodDisruptionBudget.enabled')).toBe(Number(value('pilot.replicaCount')) > 1);
    expect(value('base.validationFailurePolicy')).toBe('Fail');
    expect(valueAt(applications, 'istio-base', 'base.validationFailurePolicy')).toBe('Fail');
  });

  it('row 8: the definitions of the Gateway API are a pinned chart, applied server-side and never pruned', () => {
    const definitions = applications.find(({ name }) => name === 'gateway-api-crds');
    expect(definitions?.source).toMatchObject({ kind: 'chart', version: expect.stringMatching(EXACT) });
    expect(definitions?.syncOptions).toEqual(expect.arrayContaining(['ServerSideApply=true', 'Prune=false']));
    expect(JSON.stringify(definitions)).toContain('"resourcePolicy":{"keep":true}');
  });

  it('row 14: pods that need it are in the mesh, every namespace has a Pod Security level, cleartext is refused', () => {
    const namespaces = namespacesOf(applications);
    const isMonitored = namespaces.has('ollama-monitoring');
    expect(namespaces.get('ollama')).toMatchObject({ 'istio.io/dataplane-mode': 'ambient' });
    // istiod excludes its gateways from ztunnel whatever the label of the namespace, so a label there would mislead.
    expect(namespaces.get('istio-ingress')).not.toHaveProperty(['istio.io/dataplane-mode']);
    const levels = applications.flatMap(({ namespace: { name, podSecurity } }) =>
      podSecurity === undefined ? [] : [[name, podSecurity] as const],
    );
    expect(new Map(levels)).toEqual(
      new Map([
        ...(isMonitored ? [['ollama-monitoring', 'restricted'] as const] : []),
        ['ollama', 'restricted'],
        ['istio-system', 'privileged'],
        ['istio-ingress', 'restricted'],
      ]),
    );
    const authentication = manifests.filter(({ kind }) => kind === 'PeerAuthentication') as (Manifest & {
      readonly spec?: object;
    })[];
    expect(JSON.stringify(authentication)).not.toMatch(/"mtls":\{"mode":"(?!STRICT)/);
    const strict = authentication.filter(({ spec }) => !Object.hasOwn(spec ?? {}, 'selector'));
    expect(strict.map(({ metadata }) => metadata.namespace).sort()).toEqual([
      'istio-system',
      'ollama',
      ...(isMonitored ? ['ollama-monitoring'] : []),
    ]);
  });

  it('row 15: network policies admit the port of the mesh and the address of probes, and every pod is under one', () => {
    const policies = manifests.filter(isNetworkPolicy);
    const ingress = JSON.stringify(policies.find(({ metadata }) => metadata.name === 'ollama')?.spec?.ingress);
    expect(ingress).toContain('15008');
    expect(ingress).toContain('169.254.7.127/32');
    expect(bareServerPorts(policies)).toEqual([]);
    for (const namespace of ['ollama', 'istio-ingress']) {
      const everything = policies.filter(
        ({ metadata, spec }) => metadata.namespace === namespace && Object.keys(spec?.podSelector ?? {}).length === 0,
      );
      expect(everything.map(({ spec }) => spec?.policyTypes)).toEqual([['Ingress', 'Egress']]);
    }
  });

  it("row 18: Kong's network reaches no port of a server, neither through a network policy nor in cleartext", () => {
    const kong = { ip: kongCidr.replace(/\.\d+\/\d+$/, '.10') };
    for (const server of walk.podsWith('ollama', 'app.kubernetes.io/name', 'ollama')) {
      for (const port of [22, 443, 10250, 11434, 15008]) {
        expect(walk.connect(kong, server, port, { only: 'network' }).delivered).toBe(false);
      }
      expect(walk.connect(kong, server, 11434, { only: 'mesh' }).delivered).toBe(false);
    }
  });

  it('contains no token, no floating version, no latest image', () => {
    expect(text).not.toMatch(/TfToken|\$\{(aws|data|local|module|tls|var)[._]/);
    const wrongNumbers = leaves(applications as unknown as Json).filter(
      (leaf) => typeof leaf === 'number' && leaf < -1e9,
    );
    expect(wrongNumbers).toEqual([]);
    expect(charts.filter(({ version }) => !EXACT.test(version))).toEqual([]);
    const images = [...text.matchAll(/"image":"([^"]+)"/g)].map(([, image = '']) => image);
    expect(images.length).toBeGreaterThan(0);
    expect(images.filter((image) => !/:[^/]*\d+\.\d+|@sha256:/.test(image))).toEqual([]);
    expect(images.join(' ')).not.toMatch(/:latest\b/);
  });
});

/** Returns the policies that admit traffic to a port of a server from any address but the kubelet's. */
function bareServerPorts(policies: readonly (NetworkPolicy & Manifest)[]): readonly string[] {
  return policies
    .flatMap(({ metadata, spec }) => (spec?.ingress ?? []).map((rule) => ({ name: metadata.name, rule })))
    .filter(({ rule }) => rule.ports?.some(({ port }) => port === 11434) ?? true)
    .filter(({ rule }) => rule.from?.some(({ ipBlock }) => ipBlock?.cidr !== '169.254.7.127/32') ?? true)
    .map(({ name }) => name);
}

function isNetworkPolicy(manifest: Manifest): manifest is NetworkPolicy & Manifest {
  return manifest.kind === 'NetworkPolicy';
}

function chart(applications: readonly Application[], name: string): ChartSource {
  const source = applications.find((application) => application.name === name)?.source;
  if (source?.kind !== 'chart') throw new Error(`no chart ${name}`);
  return source;
}

function valueAt(applications: readonly Application[], name: string, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], chart(applications, name).values);
}

function leaves(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}
