/** Who may talk to whom: tests for any set of Applications with workload, mesh and exposure. */
import { type Application, HBONE_PORT, type ModelPull } from '@org/ollama-eks';
import { isManagedCollector, type Scraper } from '../../../packages/ollama-eks/src/workload/scraper';
import type { Endpoint, Pod } from './pods';
import { PolicyWalk, type Verdict } from './policy-walk';

/** A tested set, and the properties that the expectations depend on. */
export interface PolicyCase {
  readonly applications: readonly Application[];
  /** IPv4 range of the VPC. */
  readonly vpcCidr: string;
  /** IPv4 range of Kong's network. */
  readonly kongCidr: string;
  /** Who pulls models from the internet. */
  readonly pull: ModelPull;
  /**
   * Prometheus or collector that scrapes everything.
   * @default - none
   */
  readonly scraper?: Scraper;
}

const OLLAMA_PORT = 11434;
const DELIVERED: Verdict = { delivered: true, refusedBy: [] };
/** Lines of defense, each of which must refuse on its own. */
const LINES = ['network', 'mesh'] as const;
/** Internet addresses, from documentation ranges. */
const INTERNET: Endpoint = { ip: '198.51.100.7' };
const METADATA: Endpoint = { ip: '169.254.169.254' };

/** Declares the tests. */
export function describePolicies(name: string, policyCase: PolicyCase): void {
  const { applications, vpcCidr, kongCidr, pull } = policyCase;
  const [collector, scraper] =
    policyCase.scraper && isManagedCollector(policyCase.scraper)
      ? [policyCase.scraper]
      : [undefined, policyCase.scraper];
  const online = pull === 'online';
  describe(name, () => {
    const walk = new PolicyWalk(applications, address(vpcCidr, 20));
    const servers = walk.podsWith('ollama', 'app.kubernetes.io/name', 'ollama');
    const provers = walk.podsWith('ollama', 'app.kubernetes.io/name', 'ollama-model-prover');
    const pullers = walk.podsWith('ollama', 'app.kubernetes.io/name', 'ollama-model-puller');
    const gateways = walk.pods.filter(({ mesh }) => mesh === 'gateway');
    const kong: Endpoint = { ip: address(kongCidr, 10) };
    const loadBalancer: Endpoint = { ip: address(vpcCidr, 5) };
    const inVpc: Endpoint = { ip: address(vpcCidr, 6) };
    const systemPod = (namespace: string, labels: Pod['labels'], last: number) =>
      walk.stranger({ namespace, labels, ip: address(vpcCidr, last) });
    const dns = systemPod('kube-system', { 'k8s-app': 'kube-dns' }, 7);
    const istiod = systemPod('istio-system', { app: 'istiod', istio: 'pilot' }, 8);
    const other = walk.stranger({ namespace: 'other', ip: address(vpcCidr, 9) });
    const otherInMesh = walk.stranger({ namespace: 'other', ip: address(vpcCidr, 9), mesh: 'captured' });
    /** A pod with the gateway's labels, but without its identity. */
    const forged = walk.stranger({
      namespace: 'istio-ingress',
      labels: gateways[0]?.labels ?? {},
      ip: address(vpcCidr, 9),
    });

    it('there are servers, a prover and a gateway', () => {
      expect(servers.length).toBeGreaterThan(0);
      expect(servers.map(({ mesh }) => mesh)).not.toContain('none');
      expect(provers.map(({ mesh }) => mesh)).toEqual(['captured']);
      expect(gateways).toHaveLength(1);
    });

    it('gateway → server through the mesh', () => {
      pairs(gateways, servers, (gateway, server) => {
        expect(walk.connect(gateway, server, OLLAMA_PORT)).toEqual(DELIVERED);
      });
    });

    it('prover → server through the mesh', () => {
      pairs(provers, servers, (prover, server) => {
        expect(walk.connect(prover, server, OLLAMA_PORT)).toEqual(DELIVERED);
      });
    });

    it('gateway → another port of the server: no', () => {
      pairs(gateways, servers, (gateway, server) => {
        expect(walk.connect(gateway, server, 22, { only: 'mesh' }).delivered).toBe(false);
      });
    });

    it("kubelet → every port that it probes, and no more than the pods' probes", () => {
      const probed = walk.pods.flatMap((pod) => pod.probedPorts.map((port) => ({ pod, port })));
      expect(probed.filter(({ pod }) => servers.includes(pod)).length).toBeGreaterThan(0);
      probed.forEach(({ pod, port }) => {
        expect(walk.probe(pod, port)).toEqual(DELIVERED);
      });
      servers.forEach((server) => {
        expect(walk.probe(server, 22).delivered).toBe(false);
      });
    });

    it.each(LINES)('another namespace → server: no, by the %s alone', (only) => {
      servers.forEach((server) => {
        expect(walk.connect(otherInMesh, server, OLLAMA_PORT, { only }).delivered).toBe(false);
        expect(walk.connect(other, server, OLLAMA_PORT, { only }).delivered).toBe(false);
      });
    });

    it.each(LINES)('another pod of the namespace → server: no, by the %s alone', (only) => {
      const neighbour = walk.stranger({ namespace: 'ollama', ip: address(vpcCidr, 9), mesh: 'captured' });
      servers.forEach((server) => {
        expect(walk.connect(neighbour, server, OLLAMA_PORT, { only }).delivered).toBe(false);
      });
    });

    it.each(LINES)("Kong's network → server: no, by the %s alone", (only) => {
      servers.forEach((server) => {
        expect(walk.connect(kong, server, OLLAMA_PORT, { only }).delivered).toBe(false);
      });
    });

    it("Kong's network → the mesh's own port of the server: no", () => {
      servers.forEach((server) => {
        expect(walk.connect(kong, server, HBONE_PORT).delivered).toBe(false);
      });
    });

    it.each(LINES)('cleartext → server: no, by the %s alone, whatever the labels of the caller', (only) => {
      servers.forEach((server) => {
        expect(walk.connect(forged, server, OLLAMA_PORT, { only }).delivered).toBe(false);
      });
    });

    it('prover → internet: no', () => {
      provers.forEach((prover) => {
        expect(walk.connect(prover, INTERNET, 443).delivered).toBe(false);
      });
    });

    it(`server → internet over HTTPS: ${online ? 'yes, to pull models' : 'no'}`, () => {
      servers.forEach((server) => {
        expect(walk.connect(server, INTERNET, 443).delivered).toBe(online);
        expect(walk.connect(server, INTERNET, 80).delivered).toBe(false);
      });
    });

    it(`a Job for each server that pulls: ${pull === 'job' ? 'yes, over HTTPS, and nothing connects to it' : 'no'}`, () => {
      expect(pullers.length > 0).toBe(pull === 'job');
      pullers.forEach((puller) => {
        expect(walk.connect(puller, INTERNET, 443).delivered).toBe(true);
        expect(walk.connect(puller, INTERNET, 80).delivered).toBe(false);
        expect(walk.connect(puller, dns, 53).delivered).toBe(true);
        [...servers, ...gateways, kong].forEach((from) => {
          expect(walk.connect(from, puller, OLLAMA_PORT).delivered).toBe(false);
        });
      });
    });

    it('server → private addresses, VPC and metadata: no', () => {
      [...servers, ...pullers].forEach((server) => {
        ['10.255.0.1', '172.16.0.1', '192.168.255.1', '100.64.0.1']
          .map((ip) => ({ ip }))
          .concat(METADATA, inVpc, kong)
          .forEach((to) => {
            expect(walk.connect(server, to, 443).delivered).toBe(false);
          });
      });
    });

    it(`gateway and prover → name resolution; server: ${online ? 'yes' : 'no, it resolves no names'}`, () => {
      const verdicts = (pods: readonly Pod[]) =>
        pods.flatMap((pod) => (['TCP', 'UDP'] as const).map((protocol) => walk.connect(pod, dns, 53, { protocol })));
      expect(verdicts([...gateways, ...provers]).map(({ delivered }) => delivered)).not.toContain(false);
      expect(verdicts(servers).map(({ delivered }) => delivered)).not.toContain(!online);
    });

    it("Kong's network → gateway: the listener, and nothing else", () => {
      gateways.forEach((gateway) => {
        expect(walk.connect(kong, gateway, 443)).toEqual(DELIVERED);
        [80, 15000, 15020, 15021, 15090].forEach((port) => {
          expect(walk.connect(kong, gateway, port).delivered).toBe(false);
        });
      });
    });

    it('load balancer → status of the gateway; anyone else → its listener: no', () => {
      gateways.forEach((gateway) => {
        expect(walk.connect(loadBalancer, gateway, 15021)).toEqual(DELIVERED);
        [other, otherInMesh, INTERNET, loadBalancer].forEach((from) => {
          expect(walk.connect(from, gateway, 443).delivered).toBe(false);
        });
      });
    });

    it('any pod → istiod over TLS; any pod → plaintext xDS and debug pages: no', () => {
      [...servers, ...gateways, other, otherInMesh].forEach((from) => {
        [8080, 15010, 15014].forEach((port) => {
          expect(walk.connect(from, istiod, port).delivered).toBe(false);
        });
      });
      expect(walk.connect(other, istiod, 15012)).toEqual(DELIVERED);
    });

    const metricsOf = (exporters: readonly Pod[]): readonly (readonly [Pod, number])[] => [
      ...servers.map((server) => [server, 11435] as const),
      ...exporters.map((exporter) => [exporter, 9400] as const),
      ...gateways.map((gateway) => [gateway, 15020] as const),
      [istiod, 15014],
    ];

    it(`Prometheus → metrics, and nothing else: ${scraper === undefined ? 'no metrics' : 'yes'}`, () => {
      const { namespace, serviceAccount } = scraper ?? { namespace: 'monitoring', serviceAccount: 'prometheus' };
      const pod = (known: Partial<Pod>) =>
        walk.stranger({ namespace, serviceAccount, ip: address(vpcCidr, 9), mesh: 'captured', ...known });
      const prometheus = pod({ labels: { 'app.kubernetes.io/name': 'prometheus' } });
      const exporters = walk.podsWith('ollama', 'app.kubernetes.io/name', 'ollama-gpu-exporter');
      expect(exporters.length > 0).toBe(policyCase.scraper !== undefined);
      metricsOf(exporters).forEach(([to, port]) => {
        expect(walk.connect(prometheus, to, port).delivered).toBe(scraper !== undefined);
        [other, otherInMesh, kong, pod({})].forEach((from) => {
          expect(walk.connect(from, to, port).delivered).toBe(false);
        });
      });
      [...servers, ...exporters].forEach((to) => {
        const another = pod({ labels: prometheus.labels, serviceAccount: 'default' });
        expect(walk.connect(another, to, to.name.includes('exporter') ? 9400 : 11435).delivered).toBe(false);
        expect(walk.connect(prometheus, to, OLLAMA_PORT).delivered).toBe(false);
      });
      gateways.forEach((gateway) => {
        [443, 15000, 15021].forEach((port) => {
          // An existing Prometheus has policies of its own.
          expect(walk.connect(prometheus, gateway, port).delivered).toBe(port === 15021 && scraper?.installed !== true);
        });
      });
      exporters.forEach((exporter) => {
        expect(walk.connect(exporter, inVpc, 5555).delivered).toBe(true);
        expect(walk.connect(exporter, inVpc, 443).delivered).toBe(false);
        expect(walk.connect(exporter, INTERNET, 443).delivered).toBe(false);
      });
    });

    if (collector !== undefined) {
      it('a collector outside of the mesh → metrics in cleartext, and nothing else', () => {
        const exporters = walk.podsWith('ollama', 'app.kubernetes.io/name', 'ollama-gpu-exporter');
        const addresses = collector.cidrs.map((cidr) => ({ ip: address(cidr, 4) }));
        expect(addresses.length).toBeGreaterThan(1);
        pairs(addresses, metricsOf(exporters), (from, [to, port]) => {
          expect(walk.connect(from, to, port)).toEqual(DELIVERED);
        });
        pairs(addresses, [...servers, ...exporters, ...gateways, istiod], (from, to) => {
          [80, 443, OLLAMA_PORT, 15000, 15010].forEach((port) => {
            expect(walk.connect(from, to, port).delivered).toBe(false);
          });
        });
        pairs(addresses, servers, (from, server) => {
          expect(walk.connect(from, server, HBONE_PORT, { only: 'network' }).delivered).toBe(false);
          expect(walk.connect(from, server, OLLAMA_PORT, { only: 'mesh' }).delivered).toBe(false);
          expect(walk.connect(inVpc, server, 11435, { only: 'mesh' }).delivered).toBe(false);
        });
        pairs(provers, addresses, (prover, from) => {
          expect(walk.connect(from, prover, 11435).delivered).toBe(false);
        });
      });
    }

    if (scraper?.installed === true)
      describeMonitoring(walk, { vpcCidr, servers, dns, other, otherInMesh, inVpc, kong });

    const sendsLogs = applications.some(({ name: one }) => one === 'gateway-access-logs');
    it(`gateway → a collector of access logs: ${sendsLogs ? 'yes, and to nothing else of its namespace' : 'no'}`, () => {
      const collector = (mesh: Pod['mesh']) =>
        walk.stranger({ namespace: 'telemetry', ip: address(vpcCidr, 40), mesh });
      gateways.forEach((gateway) => {
        (['captured', 'none'] as const).forEach((mesh) => {
          expect(walk.connect(gateway, collector(mesh), 4317).delivered).toBe(sendsLogs);
        });
        expect(walk.connect(gateway, collector('none'), 80).delivered).toBe(false);
        expect(walk.connect(collector('none'), gateway, 443).delivered).toBe(false);
        expect(walk.connect(gateway, { ip: address(vpcCidr, 40) }, 4317).delivered).toBe(false);
      });
    });

    it('gateway → istiod; gateway → internet: no', () => {
      gateways.forEach((gateway) => {
        expect(walk.connect(gateway, istiod, 15012)).toEqual(DELIVERED);
        expect(walk.connect(gateway, INTERNET, 443).delivered).toBe(false);
      });
    });
  });
}

/** Peers of the programs that collect and draw. */
interface MonitoringPeers extends Readonly<Record<'dns' | 'other' | 'otherInMesh', Pod>> {
  readonly vpcCidr: string;
  readonly servers: readonly Pod[];
  readonly inVpc: Endpoint;
  readonly kong: Endpoint;
}

/** Declares the tests of an installed Prometheus, whose pods its chart and its operator create. */
function describeMonitoring(walk: PolicyWalk, peers: MonitoringPeers): void {
  const { vpcCidr, servers, dns, other, otherInMesh, inVpc, kong } = peers;
  const namespace = 'ollama-monitoring';
  const pod = (name: string, account: string, last: number) =>
    walk.stranger({
      namespace,
      labels: { 'app.kubernetes.io/name': name },
      serviceAccount: `ollama-monitoring-${account}`,
      ip: address(vpcCidr, last),
    });
  const prometheus = pod('prometheus', 'prometheus', 30);
  const alertmanager = pod('alertmanager', 'alertmanager', 31);
  const grafana = pod('grafana', 'grafana', 32);
  const states = pod('kube-state-metrics', 'kube-state-metrics', 33);
  const operator = pod('kube-prometheus-stack-prometheus-operator', 'operator', 34);
  const all = [prometheus, alertmanager, grafana, states, operator];
  const PORTS = [3000, 8080, 9090, 9093];
  /** The mesh has one list of ports for both that Prometheus calls. */
  const ALLOWED = [
    [grafana, prometheus, [9090]],
    [prometheus, alertmanager, [8080, 9093]],
    [prometheus, states, [8080, 9093]],
  ] as const;

  it('Grafana → Prometheus → Alertmanager and kube-state-metrics, and nobody else', () => {
    pairs([...all, ...servers, other, otherInMesh, kong, inVpc], all, (from, to) => {
      const reached = PORTS.filter((port) => walk.connect(from, to, port).delivered);
      expect(reached).toEqual(ALLOWED.flatMap((one) => (one[0] === from && one[1] === to ? one[2] : [])));
    });
  });

  it('Prometheus → the controller of Argo CD: its metrics, in any namespace, and nothing else', () => {
    const labels = { 'app.kubernetes.io/name': 'argocd-application-controller' };
    const controller = walk.stranger({ namespace: 'argocd', labels, ip: address(vpcCidr, 35) });
    expect(all.filter((from) => walk.connect(from, controller, 8082).delivered)).toEqual([prometheus]);
    expect(walk.connect(prometheus, { ...controller, labels: {} } as Pod, 8082).delivered).toBe(false);
  });

  it('each probe of the kubelet reaches its pod', () => {
    const probes = [
      [prometheus, 9090],
      [alertmanager, 9093],
      [grafana, 3000],
      [states, 8080],
      [states, 8081],
      [operator, 8080],
    ] as const;
    probes.forEach(([to, port]) => {
      expect(walk.probe(to, port)).toEqual(DELIVERED);
      expect(walk.probe(to, 22).delivered).toBe(false);
    });
  });

  it('each resolves names; those that read from the Kubernetes API reach it; only Alertmanager reaches the internet', () => {
    const reaching = (to: Endpoint, port: number) => all.filter((from) => walk.connect(from, to, port).delivered);
    expect(reaching(dns, 53)).toEqual(all);
    expect(reaching(inVpc, 443)).toEqual([prometheus, alertmanager, states, operator]);
    expect(reaching(INTERNET, 443)).toEqual([alertmanager]);
    expect(reaching(INTERNET, 587)).toEqual([alertmanager]);
    expect(reaching(INTERNET, 80)).toEqual([]);
    expect(reaching(METADATA, 80)).toEqual([]);
  });
}

function pairs<A, B>(left: readonly A[], right: readonly B[], act: (a: A, b: B) => void): void {
  left.forEach((a) => {
    right.forEach((b) => {
      act(a, b);
    });
  });
}

/** Returns the address at an offset in a range. */
function address(cidr: string, place: number): string {
  const octets = (cidr.split('/')[0] ?? '').split('.').map(Number);
  return [...octets.slice(0, 3), (octets[3] ?? 0) + place].join('.');
}
