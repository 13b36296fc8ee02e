/**
 * The overlays that Istio merges into the gateway's deployment, on a real API server. Merged into the parts of Istio's
 * template that they change, every field exists, and the namespace admits the pods.
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml
 */
import type { Manifest } from '@org/ollama-eks';
import { parse } from 'yaml';
import { EXPOSURES } from '../kong/support/exposures';
import { KUBE_NEEDS, kubeApiServer, suite } from './support';

type Json = { readonly [key: string]: unknown };

const NAMESPACE = 'istio-ingress';
const LABELS = { 'gateway.networking.k8s.io/gateway-name': 'ollama-gateway' };
const NAME = 'ollama-gateway-istio';

/** Objects as Istio renders them, reduced to the parts that an overlay changes. */
const TEMPLATES: Readonly<Record<string, Json>> = {
  service: {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: { selector: LABELS, ports: [{ name: 'https', port: 443 }] },
  },
  deployment: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] },
          containers: [
            {
              name: 'istio-proxy',
              image: 'docker.io/istio/proxyv2:1.31.1',
              env: [{ name: 'PILOT_CERT_PROVIDER', value: 'istiod' }],
              securityContext: {
                capabilities: { drop: ['ALL'] },
                allowPrivilegeEscalation: false,
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsUser: 1337,
                runAsGroup: 1337,
                runAsNonRoot: true,
              },
            },
          ],
        },
      },
    },
  },
  horizontalPodAutoscaler: {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME }, maxReplicas: 1 },
  },
  podDisruptionBudget: {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: { selector: { matchLabels: LABELS } },
  },
};

suite('kube-apiserver, with the overlays merged as Istio merges them', KUBE_NEEDS, () => {
  const server = kubeApiServer();
  const overlays = Object.entries(overlaysOf('Kong, attached'));

  beforeAll(async () => {
    const labels = Object.fromEntries(
      ['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
    );
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } });
  });

  it('accepts an overlay for each template of Istio', () => {
    expect(overlays.map(([key]) => key)).toEqual(Object.keys(TEMPLATES));
  });

  it.each(overlays)('%s: no unknown fields, no warnings', async (key, overlay) => {
    expect(await apply(merge(TEMPLATES[key] ?? {}, parse(overlay)) as Json)).toBe('');
  });

  it.each(overlays)('%s: a misspelled field is reported', async (key) => {
    const misspelt = merge(TEMPLATES[key] ?? {}, { spec: { misspelt: true } }) as Json;
    await expect(apply(misspelt)).rejects.toThrow('misspelt');
  });

  async function apply(object: Json): Promise<string> {
    const args = ['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'];
    return (await server.kubectl(args, { input: JSON.stringify(object) })).stderr;
  }
});

function overlaysOf(way: keyof typeof EXPOSURES): Readonly<Record<string, string>> {
  const manifests = EXPOSURES[way]().exposure.applications.flatMap(({ source }) =>
    source.kind === 'manifests' ? source.manifests : [],
  );
  const options = manifests.find(({ kind }) => kind === 'ConfigMap') as Manifest & { data: Record<string, string> };
  return options.data;
}

/** Merges strategically, as far as the overlays need it: merges maps, and lists of named items by name; replaces other lists. */
function merge(base: unknown, overlay: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(overlay) && overlay.every(isNamed)) {
    const names = overlay.map(({ name }) => name);
    const kept = base.filter((item) => !(isNamed(item) && names.includes(item.name)));
    const merged = overlay.map((item) => merge(base.find((one) => isNamed(one) && one.name === item.name) ?? {}, item));
    return [...kept, ...merged];
  }
  if (!isMap(base) || !isMap(overlay)) return overlay;
  const changed = Object.entries(overlay).map(([key, value]) => [key, merge(base[key], value)]);
  return { ...base, ...(Object.fromEntries(changed) as Json) };
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is Json & { readonly name: string } {
  return isMap(value) && typeof value['name'] === 'string';
}
