import { checkApplications } from '../../src/gitops/checks/check-applications';
import { ISTIO_MINORS } from '../../src/catalogue/istio-versions';
import { ValidationError } from '../../src/errors';
import { Token } from '../../src/framework';
import type { Application } from '../../src/gitops/application';
import { AmbientMesh, type AmbientMeshProps } from '../../src/mesh/ambient-mesh';
import { DAEMON_SETS } from '../../src/sizing/daemon-sets';
import { application, chartOf, CLUSTER, newMesh, newStack, valuesOf } from './mesh-fixture';

/** Returns the warnings that synth prints for the mesh. */
function warningsOf(mesh: AmbientMesh): readonly string[] {
  return mesh.node.metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => String(data));
}

describe('applications', () => {
  const { applications } = newMesh();

  it.each([
    ['gateway-api-crds', -2, 'kube-system', 'gateway-api-crds'],
    ['istio-base', -1, 'istio-system', 'base'],
    ['istiod', 0, 'istio-system', 'istiod'],
    ['istio-cni', 0, 'istio-system', 'cni'],
    ['ztunnel', 1, 'istio-system', 'ztunnel'],
  ])('%s in wave %i', (name, wave, namespace, chart) => {
    const found = application(applications, name);
    expect(found.wave).toBe(wave);
    expect(found.namespace.name).toBe(namespace);
    expect(found.project).toBe('platform');
    expect(chartOf(applications, name).chart).toBe(chart);
  });

  it('exactly one Application owns the namespace of the mesh, which must be privileged', () => {
    const owners = applications.filter((one) => one.namespace.name === 'istio-system' && one.namespace.podSecurity);
    expect(owners.map(({ name, namespace }) => [name, namespace.podSecurity])).toEqual([['istio-base', 'privileged']]);
    const { applications: unmanaged } = newMesh({ podSecurity: 'unmanaged' });
    expect(unmanaged.filter((one) => one.namespace.podSecurity)).toEqual([]);
  });

  it('mutual TLS is required in the whole mesh and in the namespace of Ollama', () => {
    expect(manifests(applications, 'mesh-policies')).toContainEqual(
      expect.objectContaining({ kind: 'PeerAuthentication', spec: { mtls: { mode: 'STRICT' } } }),
    );
    expect(manifests(applications, 'mesh-ollama').map(({ kind }) => kind)).toEqual([
      'PeerAuthentication',
      'AuthorizationPolicy',
    ]);
  });

  it('istiod admits proxies and webhooks, but nobody to plaintext xDS and debug pages, as the policy of its chart does', () => {
    expect(valuesOf(applications, 'istiod')['global']).not.toHaveProperty('networkPolicy');
    const policies = manifests(applications, 'mesh-policies').filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies).toEqual([
      expect.objectContaining({
        spec: {
          podSelector: { matchLabels: { app: 'istiod' } },
          policyTypes: ['Ingress'],
          ingress: [{ ports: [15012, 15017].map((port) => ({ port, protocol: 'TCP' })) }],
        },
      }),
    ]);
  });

  it('Ollama admits only the gateway and the prover of models', () => {
    expect(manifests(applications, 'mesh-ollama')[1]).toMatchObject({
      spec: {
        action: 'ALLOW',
        rules: [
          {
            from: [
              {
                source: {
                  principals: [
                    'cluster.local/ns/istio-ingress/sa/ollama-gateway-istio',
                    'cluster.local/ns/ollama/sa/ollama-model-prover',
                  ],
                },
              },
            ],
            to: [{ operation: { ports: ['11434'] } }],
          },
        ],
      },
    });
  });

  it('charts and images are in locations that are not being retired', () => {
    const { applications, chartRepositories } = newMesh();
    expect(chartRepositories).toEqual(['https://charts.christianhuth.de']);
    expect(newMesh({ gatewayApi: 'existing' }).chartRepositories).toEqual([]);
    for (const name of ['istiod', 'istio-cni', 'ztunnel']) {
      expect(chartOf(applications, name).repository).toBe('https://blob.istio.io/istio-release/charts');
      expect(valuesOf(applications, name)['global']).toMatchObject({ hub: 'docker.io/istio' });
    }
  });

  it('CRDs of the Gateway API are not installed if the cluster has them', () => {
    const names = newMesh({ gatewayApi: 'existing' }).applications.map(({ name }) => name);
    expect(names).not.toContain('gateway-api-crds');
  });
});

describe('request timeout', () => {
  it.each([60, 900, 3600])('ztunnel keeps streams longer than a request of %i s', (requestTimeoutSeconds) => {
    const { applications } = newMesh({ cluster: { ...CLUSTER, requestTimeoutSeconds } });
    const { terminationGracePeriodSeconds } = valuesOf(applications, 'ztunnel') as Record<string, number>;
    expect(terminationGracePeriodSeconds).toBe(requestTimeoutSeconds + 30);
    expect(application(applications, 'ztunnel').healthGate.timeoutSeconds).toBeGreaterThan(requestTimeoutSeconds);
  });
});

describe('versions', () => {
  it('installs the newest release by default', () => {
    expect(newMesh().version).toBe('1.31.1');
    expect(chartOf(newMesh().applications, 'istiod').version).toBe('1.31.1');
  });

  it.each(ISTIO_MINORS.map((minor) => [minor.newest, minor.gatewayApi] as const))(
    '%s comes with the Gateway API that it is built against',
    (version, gatewayApi) => {
      const { applications } = newMesh({ version });
      expect(chartOf(applications, 'gateway-api-crds')).toMatchObject({
        version: gatewayApi.version,
        values: gatewayApi.values,
      });
    },
  );

  it('gateways receive only endpoints that are ready: 1.31 by a setting, 1.30 always', () => {
    const env = { PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false' };
    expect(valuesOf(newMesh({ version: '1.31.1' }).applications, 'istiod')['pilot']).toMatchObject({ env });
    expect(valuesOf(newMesh({ version: '1.30.5' }).applications, 'istiod')['pilot']).not.toHaveProperty('env');
  });

  it.each(['1.32.0', '1.40.7'])('accepts %s, which is newer than any that was tested, with a warning', (version) => {
    const mesh = newMesh({ version });
    expect(chartOf(mesh.applications, 'istiod').version).toBe(version);
    expect(chartOf(mesh.applications, 'gateway-api-crds').version).toBe(ISTIO_MINORS[0].gatewayApi.version);
    expect(warningsOf(mesh)).toEqual([
      expect.stringMatching(
        `^Istio ${version} is newer than any release that was tested: .* tested with 1.31.1 and Gateway API 1.6.1 on 2026-11-23`,
      ),
    ]);
  });

  it.each(['1.31.0', '1.31.4', '1.30.9'])('says nothing about %s, whose minor version was tested', (version) => {
    expect(warningsOf(newMesh({ version }))).toEqual([]);
  });

  it.each(['1.24.2', '1.29.4', '2.0.0', '1.30.2', '1.31', '1.31.x', '1.31.01', '1.31.1-rc.0', 'latest', '^1.31.0', ''])(
    'refuses %p',
    (version) => {
      expect(refusal({ version })).toMatchObject({ property: 'version' });
    },
  );
});

describe('refused props', () => {
  it.each(['https://user:hunter2@x.io/charts', 'https://user:a/hunter2@x.io', 'https://x.io/charts?token=hunter2'])(
    'do not repeat the password of %s',
    (repository) => {
      const gatewayApi = { gatewayApiVersion: '1.6.1', chart: 'gateway-api', version: '1.0.0', repository, values: {} };
      const { property, message } = refusal({ gatewayApi });
      expect(property).toBe('gatewayApi.repository');
      expect(message).not.toContain('hunter2');
    },
  );

  it.each<[string, Partial<AmbientMeshProps>, string]>([
    ['trustDomain', { trustDomain: 'Cluster.local' }, 'DNS name'],
    ['trustDomain', { trustDomain: 'spiffe://cluster.local' }, 'DNS name'],
    ['trustDomain', { trustDomain: Token.asString({ resolve: () => 'later' }) }, 'known at synth'],
    ['resources.istiod.cpu', { resources: { istiod: { cpu: '0', memory: '1Gi' } } }, 'millicores'],
    ['resources.ztunnel.memory', { resources: { ztunnel: { cpu: '1', memory: '256' } } }, 'Mi'],
    ['resources.ztunnel.cpu', { resources: { ztunnel: { cpu: '0.201', memory: '256Mi' } } }, 'at most 200m'],
    ['resources.ztunnel.memory', { resources: { ztunnel: { cpu: '0.2', memory: '513Mi' } } }, 'at most 512Mi'],
    ['resources.ztunnel.memory', { resources: { ztunnel: { cpu: '200m', memory: '1Gi' } } }, 'at most 512Mi'],
    ['resources.cni.memory', { resources: { cni: { cpu: '100m', memory: '105M' } } }, 'at most 100Mi'],
    ['resources.cni.cpu', { resources: { cni: { cpu: '1', memory: '100Mi' } } }, 'at most 100m'],
  ])('%s = %o', (property, props, message) => {
    const error = refusal(props);
    expect(error.property).toBe(property);
    expect(error.message).toContain(message);
  });
});

describe('options', () => {
  it('a single replica of istiod has no disruption budget, which would block every drain of its node', () => {
    const values = valuesOf(newMesh({ highAvailability: false }).applications, 'istiod');
    expect(values).toMatchObject({
      pilot: { replicaCount: 1, autoscaleEnabled: false },
      global: { defaultPodDisruptionBudget: { enabled: false } },
    });
  });

  it('the default requests of DaemonSets are what sizing reserves on every node', () => {
    const { applications } = newMesh();
    for (const [chart, daemonSet] of [
      ['istio-cni', 'istio-cni-node'],
      ['ztunnel', 'ztunnel'],
    ] as const) {
      const counted = DAEMON_SETS.find(({ name }) => name === daemonSet);
      expect(valuesOf(applications, chart)['resources']).toEqual({
        requests: { cpu: `${counted?.cpuMillis}m`, memory: `${counted?.memoryMiB}Mi` },
      });
    }
  });

  it('requests of a DaemonSet above what sizing reserves are refused with an explanation', () => {
    expect(refusal({ resources: { ztunnel: { cpu: '200m', memory: '1Gi' } } }).message).toBe(
      'resources.ztunnel.memory = "1Gi": is more than sizing reserves for this pod on every GPU node, so a server might not ' +
        'fit next to it; allowed: at most 512Mi; lower it or leave it out: it is a request, not a limit, so the pod can ' +
        'still use more (in platform/mesh)',
    );
  });

  it.each(['1.30.3', '1.31.1'])(
    'unused tunnels are closed before their address is assigned again, in Istio %s',
    (version) => {
      const meshConfig = valuesOf(newMesh({ version }).applications, 'istiod')['meshConfig'] as {
        hboneIdleTimeout: string;
      };
      expect(parseInt(meshConfig.hboneIdleTimeout)).toBeLessThan(30); // seconds before the VPC CNI reuses an address
    },
  );

  it('istiod removes the taint of new nodes if cniTaint is set', () => {
    expect(valuesOf(newMesh({ cniTaint: true }).applications, 'istiod')['pilot']).toMatchObject({
      taint: { enabled: true, namespace: 'istio-system' },
    });
    expect(valuesOf(newMesh().applications, 'istiod')['pilot']).not.toHaveProperty('taint');
  });

  it('an undefined request is the default', () => {
    const resources = { istiod: undefined } as unknown as NonNullable<AmbientMeshProps['resources']>;
    expect(newMesh({ resources }).applications).toEqual(newMesh().applications);
  });

  it('requests that are not given have the default', () => {
    const { applications } = newMesh({
      resources: { istiod: { cpu: '1', memory: '4Gi' }, ztunnel: { cpu: '0.1', memory: '128Mi' } },
    });
    expect(valuesOf(applications, 'istiod')).toMatchObject({
      pilot: { resources: { requests: { cpu: '1', memory: '4Gi' } } },
    });
    expect(valuesOf(applications, 'ztunnel')).toMatchObject({
      resources: { requests: { cpu: '0.1', memory: '128Mi' } },
    });
    expect(valuesOf(applications, 'istio-cni')).toMatchObject({
      resources: { requests: { cpu: '100m', memory: '100Mi' } },
    });
  });
});

describe('enroll', () => {
  it('creates and labels a namespace that the mesh owns', () => {
    const mesh = newMesh();
    const { application: added } = mesh.enroll('agents', { podSecurity: 'restricted' });
    expect(added.namespace).toEqual({
      name: 'agents',
      podSecurity: 'restricted',
      labels: { 'istio.io/dataplane-mode': 'ambient' },
    });
    expect(mesh.applications).toContain(added);
    expect(kinds(added)).toEqual(['PeerAuthentication']);
  });

  it('returns the labels for a namespace that somebody else owns', () => {
    const { application: added, labels } = newMesh().enroll('agents');
    expect(added.namespace).toEqual({ name: 'agents' });
    expect(labels).toEqual({ 'istio.io/dataplane-mode': 'ambient' });
  });

  it('admits the allowed callers, with the trust domain of the mesh', () => {
    const mesh = newMesh({ trustDomain: 'mesh.example.com' });
    const { application: added } = mesh.enroll('agents', {
      allow: [{ from: [{ serviceAccounts: [{ namespace: 'portal', name: 'web' }] }], ports: [8080] }],
    });
    expect(kinds(added)).toEqual(['PeerAuthentication', 'AuthorizationPolicy']);
    expect(JSON.stringify(added)).toContain('mesh.example.com/ns/portal/sa/web');
    expect(JSON.stringify(manifests(mesh.applications, 'mesh-ollama'))).not.toContain('cluster.local');
  });

  it.each(['ollama', 'istio-system', 'istio-ingress', 'kube-system', 'Agents', 'a.b', '', '-a', 'a'.repeat(49)])(
    'refuses %p',
    (namespace) => {
      expect(() => newMesh().enroll(namespace)).toThrow(ValidationError);
    },
  );

  it('accepts the longest name that an Application can be named after', () => {
    const { application: added } = newMesh().enroll('a'.repeat(48), { podSecurity: 'restricted' });
    expect(() => checkApplications([added])).not.toThrow();
  });

  it('refuses a namespace twice', () => {
    const mesh = newMesh();
    mesh.enroll('agents');
    expect(() => mesh.enroll('agents')).toThrow('already enrolled');
  });
});

describe('fromAttributes', () => {
  it('contributes only the policies', () => {
    const mesh = AmbientMesh.fromAttributes(newStack(), 'mesh', { trustDomain: 'mesh.example.com' });
    mesh.enroll('agents', { podSecurity: 'baseline' });
    expect(mesh.applications.map(({ name }) => name)).toEqual(['mesh-ollama', 'mesh-agents']);
    expect(JSON.stringify(mesh.applications)).toContain('mesh.example.com/ns/istio-ingress/sa/ollama-gateway-istio');
  });

  it('refuses an invalid trust domain', () => {
    expect(() => AmbientMesh.fromAttributes(newStack(), 'mesh', { trustDomain: 'a b' })).toThrow(ValidationError);
  });
});

function manifests(applications: readonly Application[], name: string) {
  const { source } = application(applications, name);
  return source.kind === 'manifests' ? source.manifests : [];
}

function kinds({ source }: Application): string[] {
  return source.kind === 'manifests' ? source.manifests.map(({ kind }) => kind) : [];
}

function refusal(props: Partial<AmbientMeshProps>): ValidationError {
  try {
    newMesh(props);
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
