/** The walk itself, on policies with a known effect: a walk that cannot distinguish good from bad would prove nothing. */
import { AmbientMesh, type Application, type Manifest } from '@org/ollama-eks';
import { TerraformStack, Testing } from 'cdktf';
import { CLUSTER } from '../kong/support/exposures';
import type { Pod } from './support/pods';
import { PolicyWalk } from './support/policy-walk';

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' };

const server = workload('Deployment', 'ollama', 'ollama', {
  containers: [
    {
      name: 'ollama',
      ports: [{ name: 'http', containerPort: 11434 }],
      readinessProbe: { httpGet: { port: 'http' } },
    },
  ],
});
const gateway: Manifest = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'ollama-gateway', namespace: 'istio-ingress' },
};

/** A default-deny and one policy for the server. */
function policies(spec: object): Manifest[] {
  return [
    networkPolicy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    networkPolicy('ollama', { podSelector: { matchLabels: { app: 'ollama' } }, ...spec }),
  ];
}

const FROM_GATEWAY = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-ingress' } },
  podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'ollama-gateway' } },
};

describe('network policies', () => {
  const open = walkOf([server, gateway]);
  const closed = walkOf([server, gateway, ...policies({})]);
  const admitting = walkOf([
    server,
    gateway,
    ...policies({
      ingress: [
        { from: [FROM_GATEWAY], ports: [{ port: 15008, protocol: 'TCP' }] },
        { from: [{ ipBlock: { cidr: '169.254.7.127/32' } }], ports: [{ port: 11434, protocol: 'TCP' }] },
      ],
      egress: [
        { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }], ports: [{ port: 443, protocol: 'TCP' }] },
      ],
    }),
  ]);

  it('everything passes without policies', () => {
    expect(gatewayToServer(open)).toEqual({ delivered: true, refusedBy: [] });
    expect(probe(open).delivered).toBe(true);
  });

  it('a default-deny stops everything, and is reported', () => {
    expect(gatewayToServer(closed).refusedBy).toEqual([
      'NetworkPolicy ollama/default-deny',
      'NetworkPolicy ollama/ollama',
    ]);
    expect(probe(closed).delivered).toBe(false);
  });

  it('rules for the mesh port and the address of probes admit both', () => {
    expect(gatewayToServer(admitting).delivered).toBe(true);
    expect(probe(admitting).delivered).toBe(true);
  });

  it('an item with two selectors admits neither the namespace nor the label alone', () => {
    const to = serverOf(admitting);
    const named = { 'gateway.networking.k8s.io/gateway-name': 'ollama-gateway' };
    const inNamespace = admitting.stranger({ namespace: 'istio-ingress', ip: '10.0.0.9', mesh: 'captured' });
    const withLabel = admitting.stranger({ namespace: 'other', labels: named, ip: '10.0.0.9', mesh: 'captured' });
    expect(admitting.connect(inNamespace, to, 11434).delivered).toBe(false);
    expect(admitting.connect(withLabel, to, 11434).delivered).toBe(false);
  });

  it('a range with exceptions admits the rest of it, on its port', () => {
    const from = serverOf(admitting);
    expect(admitting.connect(from, { ip: '198.51.100.7' }, 443).delivered).toBe(true);
    expect(admitting.connect(from, { ip: '198.51.100.7' }, 80).delivered).toBe(false);
    expect(admitting.connect(from, { ip: '10.1.2.3' }, 443).delivered).toBe(false);
  });

  it('row 15: the original policy, once enforced, would stop the gateway and every probe', () => {
    const seed = walkOf([
      server,
      gateway,
      networkPolicy('ollama-ingress', {
        podSelector: { matchLabels: { app: 'ollama' } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-ingress' } } }],
            ports: [{ port: 11434, protocol: 'TCP' }],
          },
        ],
      }),
    ]);
    expect(gatewayToServer(seed).delivered).toBe(false);
    expect(probe(seed).delivered).toBe(false);
  });
});

describe('mesh policies', () => {
  const mesh = new AmbientMesh(new TerraformStack(Testing.app(), 'platform'), 'mesh', { cluster: CLUSTER });
  const walk = new PolicyWalk([...mesh.applications, ...applicationsOf([server, gateway])]);
  const to = serverOf(walk);

  it('admit the gateway by its identity', () => {
    expect(gatewayToServer(walk)).toEqual({ delivered: true, refusedBy: [] });
  });

  it('refuse another identity, another port, and cleartext', () => {
    const inMesh = walk.stranger({ namespace: 'other', ip: '10.0.0.9', mesh: 'captured' });
    const outside = { ip: '192.168.0.10' };
    expect(walk.connect(inMesh, to, 11434).refusedBy).toEqual(['AuthorizationPolicy ollama/allowed-callers']);
    expect(gatewayToServer(walk, 22).delivered).toBe(false);
    expect(walk.connect(outside, to, 11434).refusedBy).toEqual([
      'PeerAuthentication ollama/default',
      'AuthorizationPolicy ollama/allowed-callers',
    ]);
  });

  it('a layer 7 rule admits nobody', () => {
    const l7 = authorization({
      from: [{ source: { namespaces: ['istio-ingress'] } }],
      to: [{ operation: { methods: ['GET'] } }],
    });
    expect(gatewayToServer(walkOf([server, gateway, l7])).delivered).toBe(false);
  });

  it('cleartext passes without policies', () => {
    const alone = walkOf([server]);
    expect(alone.connect({ ip: '192.168.0.10' }, serverOf(alone), 11434).delivered).toBe(true);
  });

  it('a pod that opts out is not part of the mesh', () => {
    const out = workload('Deployment', 'ollama', 'out', { containers: [] }, { 'istio.io/dataplane-mode': 'none' });
    expect(walkOf([out]).pods.map((pod) => pod.mesh)).toEqual(['none']);
  });
});

function gatewayToServer(walk: PolicyWalk, port = 11434) {
  const from = one(walk.pods.filter(({ mesh }) => mesh === 'gateway'));
  const to = serverOf(walk);
  return walk.connect(from, to, port);
}

function probe(walk: PolicyWalk) {
  const to = serverOf(walk);
  expect(to.probedPorts).toEqual([11434]);
  return walk.probe(to, 11434);
}

function serverOf(walk: PolicyWalk): Pod {
  return one(walk.podsWith('ollama', 'app', 'ollama'));
}

function one(pods: readonly Pod[]): Pod {
  const [pod] = pods;
  if (pod === undefined || pods.length > 1) throw new Error(`expected one pod, found ${pods.length}`);
  return pod;
}

function walkOf(manifests: readonly Manifest[]): PolicyWalk {
  return new PolicyWalk(applicationsOf(manifests));
}

function applicationsOf(manifests: readonly Manifest[]): Application[] {
  return [
    {
      name: 'ollama',
      wave: 1,
      namespace: { name: 'ollama', podSecurity: 'restricted', labels: AMBIENT },
      project: 'workload',
      source: { kind: 'manifests', manifests },
      healthGate: { timeoutSeconds: 60 },
    },
  ];
}

function workload(
  kind: string,
  namespace: string,
  name: string,
  spec: object,
  labels: Record<string, string> = {},
): Manifest {
  const template = { metadata: { labels: { app: name, ...labels } }, spec };
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace }, spec: { template } } as Manifest;
}

function networkPolicy(name: string, spec: object): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'ollama' },
    spec,
  } as Manifest;
}

function authorization(rule: object): Manifest {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'allowed', namespace: 'ollama' },
    spec: { action: 'ALLOW', rules: [rule] },
  } as Manifest;
}
