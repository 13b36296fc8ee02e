import { Netmask } from 'netmask';
import { networkPolicies } from '../../src/workload/network-policies';
import { modelFigures } from '../../src/catalogue/model';
import { workloadPool, workloadSpec } from './workload-fixture';

const GATEWAY = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-ingress' } },
  podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'ollama-gateway' } },
};
const SERVERS = { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'ollama' } } };
const PROVER = { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'ollama-model-prover' } } };
const DNS = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};
const HBONE = { port: 15008, protocol: 'TCP' };
const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

interface Policy {
  readonly spec: { readonly egress: readonly { readonly to: readonly { readonly ipBlock?: IpBlock }[] }[] };
}

interface IpBlock {
  readonly cidr: string;
  readonly except: readonly string[];
}

function exceptOf(ranges: { vpcCidr?: string; serviceCidr?: string }): readonly string[] {
  const servers = networkPolicies(workloadSpec(ranges))[1] as unknown as Policy;
  return servers.spec.egress.flatMap(({ to }) => to.flatMap(({ ipBlock }) => ipBlock?.except ?? []));
}

describe('network policies', () => {
  it('admit the gateway, the prover and probes to the servers, and the servers to the registry', () => {
    const policy = (name: string, podSelector: object, rules: object) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace: 'ollama' },
      spec: { podSelector, policyTypes: ['Ingress', 'Egress'], ...rules },
    });
    expect(networkPolicies(workloadSpec())).toEqual([
      policy('default-deny', {}, {}),
      policy('ollama', SERVERS.podSelector, {
        ingress: [
          { from: [GATEWAY, PROVER], ports: [HBONE] },
          { from: [{ ipBlock: { cidr: '169.254.7.127/32' } }], ports: [{ port: 11434, protocol: 'TCP' }] },
        ],
        egress: [
          DNS,
          { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE } }], ports: [{ port: 443, protocol: 'TCP' }] },
        ],
      }),
      policy('ollama-model-prover', PROVER.podSelector, { egress: [DNS, { to: [SERVERS], ports: [HBONE] }] }),
    ]);
  });

  it('allow the servers no egress, not even name resolution, if models are not pulled', () => {
    const [, servers] = networkPolicies(workloadSpec({ modelPull: 'offline' })) as unknown as readonly Policy[];
    expect(servers?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    expect(servers?.spec).not.toHaveProperty('egress');
  });

  it('allow only the Jobs to pull, if Jobs pull', () => {
    const online = networkPolicies(workloadSpec()) as unknown as readonly Policy[];
    const [, servers, , puller] = networkPolicies(workloadSpec({ modelPull: 'job' })) as unknown as readonly Policy[];
    expect(servers?.spec).not.toHaveProperty('egress');
    expect(puller).toMatchObject({
      metadata: { name: 'ollama-model-puller' },
      spec: { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'ollama-model-puller' } } },
    });
    expect(puller?.spec.egress).toEqual(online[1]?.spec.egress);
    expect(puller?.spec).not.toHaveProperty('ingress');
  });

  it.each([
    ['qwen3:8b', 443],
    ['mirror.example.com/library/coder:8b', 443],
    ['mirror.example.com:5000/library/coder:8b', 5000],
  ])('allow a mirror in the VPC, and nothing else, for %s', (name, port) => {
    const pool = workloadPool({}, [{ name, contextLength: 4096, figures: modelFigures('qwen3:8b') }]);
    const spec = workloadSpec({ registryCidrs: ['10.0.12.0/24'], pools: [pool] });
    const [, servers] = networkPolicies(spec) as unknown as readonly Policy[];
    expect(servers?.spec.egress).toEqual([
      DNS,
      { to: [{ ipBlock: { cidr: '10.0.12.0/24' } }], ports: [{ port, protocol: 'TCP' }] },
    ]);
  });

  it.each([
    [{}, PRIVATE],
    [{ vpcCidr: '11.0.0.0/16' }, [...PRIVATE, '11.0.0.0/16']],
    [{ serviceCidr: '198.18.0.0/16' }, [...PRIVATE, '198.18.0.0/16']],
    [{ vpcCidr: '11.0.0.0/16', serviceCidr: '11.0.0.0/16' }, [...PRIVATE, '11.0.0.0/16']],
    [{ vpcCidr: '100.64.0.0/16', serviceCidr: '172.20.0.0/16' }, PRIVATE],
  ])('exclude private networks: %j', (ranges, except) => {
    expect(exceptOf(ranges)).toEqual(except);
  });

  it.each(['10.1.0.0/16', '100.64.0.0/16', '11.0.0.0/16', '192.168.128.0/20', '172.31.0.0/16'])(
    'never admit the VPC %s',
    (vpcCidr) => {
      const blocks = exceptOf({ vpcCidr }).map((cidr) => new Netmask(cidr));
      const vpc = new Netmask(vpcCidr);
      expect(blocks.some((block) => block.contains(vpc))).toBe(true);
    },
  );
});

test('Prometheus reaches servers, only through the mesh, and only if it scrapes them', () => {
  const scraper = { namespace: 'monitoring', serviceAccount: 'prometheus' };
  const peer = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
  };
  const [, servers] = networkPolicies(workloadSpec({ scraper }));
  expect(servers).toHaveProperty('spec.ingress.0', { from: [GATEWAY, PROVER], ports: [HBONE] });
  expect(servers).toHaveProperty('spec.ingress.1', { from: [peer], ports: [HBONE] });
  expect(JSON.stringify(networkPolicies(workloadSpec()))).not.toContain('monitoring');
});
