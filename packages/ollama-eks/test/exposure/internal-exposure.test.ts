import type { ConfigMap } from 'kubernetes-types/core/v1';
import { parse } from 'yaml';
import type { IOllamaGpuCluster } from '../../src/cluster/cluster-ref';
import type { Gateway, HttpRoute, HttpRouteRule } from '../../src/exposure/gateway-types';
import { InternalExposure, type InternalExposureProps } from '../../src/exposure/internal-exposure';
import { Token } from '../../src/framework';
import type { Application, Manifest } from '../../src/gitops/application';
import { Template } from '../../src/testing/template';
import { refusal } from '../refusal';
import { clusterOf, exposureStack, NETWORK } from './support/exposed-stack';

function synthesize(props: Partial<InternalExposureProps> = {}) {
  const stack = exposureStack();
  const exposure = new InternalExposure(stack, 'vpn', {
    cluster: clusterOf(),
    callerCidrs: ['10.200.0.0/16'],
    ...props,
  });
  return { exposure, template: Template.fromStack(stack) };
}

it('creates resources with these addresses, which are in the state of users', () => {
  expect(synthesize().template.addresses()).toMatchSnapshot();
});

describe('the load balancer', () => {
  const { template } = synthesize();

  it('is internal, in the private subnets, and closed except for its security group', () => {
    expect(template.resource('aws_lb')).toMatchObject({
      name: 'ollama-gateway',
      internal: true,
      load_balancer_type: 'network',
      subnets: NETWORK.privateSubnetIds,
      security_groups: [expect.stringContaining('aws_security_group.')],
    });
  });

  it('passes TLS through on 443, to the addresses of pods, and preserves the address of the caller', () => {
    expect(template.resource('aws_lb_listener')).toMatchObject({ port: 443, protocol: 'TCP' });
    expect(template.resource('aws_lb_target_group')).toMatchObject({
      name: 'ollama-gateway',
      target_type: 'ip',
      port: 443,
      protocol: 'TCP',
      preserve_client_ip: 'true',
      health_check: { protocol: 'HTTP', port: '15021', path: '/healthz/ready' },
    });
  });

  it.each([
    ['ollama', 'ollama-gateway'],
    ['my_cluster', 'my-cluster-gateway'],
    ['internal-llm', 'cluster-internal-llm-gateway'],
    ['internal_llm', 'cluster-internal-llm-gateway'],
    ['sg-llm', 'cluster-sg-llm-gateway'],
    ['internal', 'cluster-internal-gateway'],
    ['sg', 'cluster-sg-gateway'],
    ['a'.repeat(24), `${'a'.repeat(24)}-gateway`],
    ['team-platform-inference-production', /^team-platform-inf-[0-9a-f]{6}-gateway$/],
    [`${'a'.repeat(16)}-${'b'.repeat(40)}`, /^a{16}-[0-9a-f]{6}-gateway$/],
  ])('of the cluster %s is named %s, within 32 characters', (clusterName, expected) => {
    const { template: named, exposure } = synthesize({ cluster: clusterOf({ clusterName }) });
    const { name } = named.resource('aws_lb_target_group');
    expect(name).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
    expect(String(name).length).toBeLessThanOrEqual(32);
    expect(manifestOf(exposure.applications, 'TargetGroupBinding')).toMatchObject({ spec: { targetGroupName: name } });
  });

  it.each(['internal', 'internal-llm', 'internal_llm', 'sg', 'sg-llm', 'sg_llm'])(
    'of the cluster %s has no name that AWS refuses, and neither has its security group',
    (clusterName) => {
      const { template: named } = synthesize({ cluster: clusterOf({ clusterName }) });
      for (const type of ['aws_lb', 'aws_lb_target_group', 'aws_security_group']) {
        expect(named.resource(type)['name']).not.toMatch(/^(internal|sg)-/);
      }
    },
  );

  it('has different names for two clusters with the same prefix', () => {
    const names = ['production-a', 'production-b'].map((end) => {
      const cluster = clusterOf({ clusterName: `team-platform-inference-${end}` });
      return synthesize({ cluster }).template.resource('aws_lb')['name'];
    });
    expect(new Set(names).size).toBe(2);
  });
});

describe('the certificate', () => {
  it('contains every name that callers use, and is renewed before it expires', () => {
    const { template } = synthesize({ hostname: 'llm.example.com', adminHostname: 'llm-admin.example.com' });
    expect(template.resource('tls_cert_request')).toMatchObject({
      subject: [{ common_name: 'llm.example.com' }],
      dns_names: ['llm.example.com', 'llm-admin.example.com', expect.stringMatching(/^\$\{aws_lb\..*\.dns_name\}$/)],
    });
    for (const type of ['tls_self_signed_cert', 'tls_locally_signed_cert']) {
      const { validity_period_hours: validity, early_renewal_hours: renewal } = template.resource(type);
      expect(Number(renewal)).toBeGreaterThanOrEqual(24 * 30);
      expect(Number(renewal)).toBeLessThan(Number(validity) / 2);
    }
  });

  it('is passed to the cluster as a Secret, and its key is never an output', () => {
    const { exposure, template } = synthesize({ outputs: true });
    expect(exposure.secrets).toEqual([
      {
        name: 'ollama-gateway-tls',
        namespace: 'istio-ingress',
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': expect.any(String), 'tls.key': expect.any(String) },
      },
    ]);
    expect(template.outputs()['gateway_ca_certificate']?.['value']).toMatch(/tls_self_signed_cert\..*\.cert_pem\}$/);
    expect(JSON.stringify(template.outputs())).not.toContain('private_key');
  });

  it('can be your own', () => {
    const { exposure, template } = synthesize({ certificate: { secretName: 'llm.example-com' }, outputs: true });
    expect(template.addresses().filter((address) => address.startsWith('tls_'))).toEqual([]);
    expect(exposure.secrets).toEqual([]);
    expect(exposure.caCertificate).toBeUndefined();
    expect(Object.keys(template.outputs())).not.toContain('gateway_ca_certificate');
    const { spec } = manifestOf(exposure.applications, 'Gateway') as Gateway;
    expect(spec.listeners[0]?.tls.certificateRefs).toEqual([{ name: 'llm.example-com' }]);
  });
});

describe('the controller', () => {
  it('may read, and register targets with the one target group, but change nothing else', () => {
    const { template } = synthesize();
    const { Statement } = JSON.parse(String(template.resource('aws_iam_role_policy')['policy'])) as {
      Statement: { Action: string[]; Resource: string }[];
    };
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeVpcs',
      'elasticloadbalancing:DeregisterTargets',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
      'elasticloadbalancing:RegisterTargets',
    ]);
    const onEverything = Statement.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
    expect(onEverything.filter((action) => !action.includes(':Describe'))).toEqual([]);
  });

  it('gets its role through Pod Identity, after cluster and role are created', () => {
    const ready = [{ fqn: 'aws_eks_cluster.ollama' }];
    const { template } = synthesize({ cluster: clusterOf({ ready }) });
    expect(template.resource('aws_eks_pod_identity_association')).toMatchObject({
      cluster_name: 'ollama',
      namespace: 'kube-system',
      service_account: 'aws-load-balancer-controller',
      depends_on: ['aws_eks_cluster.ollama', expect.stringContaining('aws_iam_role_policy.')],
    });
  });

  it('finds the VPC by its ID if that is known, else by tags', () => {
    expect(controllerValues(synthesize().exposure.applications)).toMatchObject({ vpcId: NETWORK.vpcId });
    const vpcId = Token.asString({ resolve: () => 'vpc-0abc' });
    const network = { ...NETWORK, vpcId, vpcTags: { 'ollama-eks/network': 'ollama' } };
    const values = controllerValues(synthesize({ cluster: clusterOf({ network }) }).exposure.applications);
    expect(values).toMatchObject({ vpcTags: { 'ollama-eks/network': 'ollama' } });
    expect(values).not.toHaveProperty('vpcId');
    const untagged = clusterOf({ network: { ...NETWORK, vpcId } });
    expect(refusal(() => synthesize({ cluster: untagged })).property).toBe('cluster.network.vpcTags');
  });

  it('breaks nothing while it is down: it has no webhook for Services or Ingresses', () => {
    expect(controllerValues(synthesize().exposure.applications)).toMatchObject({
      enableServiceMutatorWebhook: false,
      webhookConfig: { disableIngressValidation: true },
      controllerConfig: { featureGates: { NLBGatewayAPI: false, ALBGatewayAPI: false, GatewayListenerSet: false } },
    });
  });

  it('is not installed if the cluster has it', () => {
    const { exposure, template } = synthesize({ installLoadBalancerController: false });
    expect(exposure.applications.map(({ name }) => name)).toEqual(['gateway', 'httproutes']);
    expect(template.addresses().filter((address) => /iam|pod_identity/.test(address))).toEqual([]);
  });
});

describe('the Applications', () => {
  const { exposure } = synthesize({ callerCidrs: ['10.200.0.0/16', '10.201.0.0/16'] });

  it('are in this order, and own the namespace of the gateway', () => {
    expect(exposure.applications.map(({ name, wave, namespace }) => [name, wave, namespace.name])).toEqual([
      ['aws-load-balancer-controller', 0, 'kube-system'],
      ['gateway', 4, 'istio-ingress'],
      ['httproutes', 6, 'ollama'],
    ]);
    const owned = exposure.applications.filter(({ namespace }) => namespace.podSecurity !== undefined);
    expect(owned.map(({ namespace }) => namespace)).toEqual([
      {
        name: 'istio-ingress',
        podSecurity: 'restricted',
        labels: { 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' },
      },
    ]);
  });

  it('contain no token', () => {
    expect(Token.isUnresolved(exposure.applications)).toBe(false);
    expect(JSON.stringify(exposure.applications)).not.toContain('TOKEN');
  });

  it('create no second load balancer and no ReferenceGrant', () => {
    const kinds = exposure.applications.flatMap(manifestsOf).map(({ kind }) => kind);
    expect(kinds).toEqual([
      'NetworkPolicy',
      'NetworkPolicy',
      'AuthorizationPolicy',
      'ConfigMap',
      'Gateway',
      'EnvoyFilter',
      'TargetGroupBinding',
      'HTTPRoute',
    ]);
    const options = manifestOf(exposure.applications, 'ConfigMap') as ConfigMap & Manifest;
    expect(parse(options.data?.['service'] ?? '')).toEqual({ spec: { type: 'ClusterIP' } });
    // an annotation would do the same, but istioctl analyze warns of it (IST0107)
    expect(manifestOf(exposure.applications, 'Gateway')?.metadata).not.toHaveProperty('annotations');
  });

  it('accept routes from the namespace of the server only, and use its own Secret', () => {
    const { spec } = manifestOf(exposure.applications, 'Gateway') as Gateway;
    expect(spec.listeners).toEqual([
      {
        name: 'https',
        port: 443,
        protocol: 'HTTPS',
        tls: { mode: 'Terminate', certificateRefs: [{ name: 'ollama-gateway-tls' }] },
        allowedRoutes: {
          kinds: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }],
          namespaces: { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'ollama' } } },
        },
      },
    ]);
  });

  it('admit the callers on every layer, including those that are admitted later', () => {
    const { exposure: later, template } = (() => {
      const stack = exposureStack();
      const made = new InternalExposure(stack, 'vpn', { cluster: clusterOf(), callerCidrs: ['10.200.0.0/16'] });
      made.admit('10.201.0.0/16');
      return { exposure: made, template: Template.fromStack(stack) };
    })();
    const ranges = ['10.200.0.0/16', '10.201.0.0/16'];
    const rules = Object.values(template.resources('aws_vpc_security_group_ingress_rule'));
    expect(rules.flatMap((rule) => rule['cidr_ipv4'] ?? [])).toEqual(ranges);
    const policies = later.applications.flatMap(manifestsOf);
    expect(policies.find(({ kind }) => kind === 'AuthorizationPolicy')).toMatchObject({
      spec: { rules: [{ from: [{ source: { ipBlocks: ranges } }] }] },
    });
    expect(
      policies.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'ollama-gateway'),
    ).toMatchObject({
      spec: {
        ingress: [
          { from: ranges.map((cidr) => ({ ipBlock: { cidr } })), ports: [{ port: 443, protocol: 'TCP' }] },
          { from: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports: [{ port: 15021, protocol: 'TCP' }] },
        ],
      },
    });
  });

  it('serve admin routes only under the admin hostname, if there is one', () => {
    const hosts = (props: Partial<InternalExposureProps>) =>
      synthesize(props)
        .exposure.applications.flatMap(manifestsOf)
        .filter(({ kind }) => kind === 'HTTPRoute')
        .map((route) => [route.metadata.name, (route as Manifest & { spec: { hostnames?: string[] } }).spec.hostnames]);
    expect(hosts({})).toEqual([['ollama', undefined]]);
    expect(hosts({ adminHostname: 'admin.ollama.internal' })).toEqual([
      ['ollama', undefined],
      ['ollama-admin', ['admin.ollama.internal']],
    ]);
  });
});

describe('the routes', () => {
  const rules = (pools: IOllamaGpuCluster['pools'], sessionHeader?: string) => {
    const { applications } = synthesize({ cluster: clusterOf({ pools, sessionHeader }) }).exposure;
    return (manifestOf(applications, 'HTTPRoute') as HttpRoute).spec.rules;
  };
  const one = [{ name: 'gpu', replicas: 1, parallel: 2 }];
  const several = [{ name: 'gpu', replicas: 2, parallel: 2 }];

  it('send reads and health to a Service without a limit, also for HEAD', () => {
    const reads = rules(one).filter(({ backendRefs }) => backendRefs[0]?.name === 'ollama-reads');
    expect(reads.map(({ name }) => name)).toEqual(['read', 'models-head', 'health']);
    const paths = (method: string) =>
      reads.flatMap(({ matches }) => matches.filter((match) => match.method === method).map(({ path }) => path.value));
    expect(paths('GET')).toEqual(expect.arrayContaining(['/v1/models', '/api/tags', '/healthz']));
    expect(paths('HEAD')).toEqual(expect.arrayContaining(['/v1/models', '/api/tags', '/healthz']));
  });

  it('send all inference to one Service if there is one server', () => {
    expect(rules(one).map(({ name, backendRefs }) => [name, backendRefs[0]?.name])).toEqual([
      ['inference', 'ollama'],
      ['read', 'ollama-reads'],
      ['models-head', 'ollama-reads'],
      ['health', 'ollama-reads'],
    ]);
  });

  it.each([
    [undefined, 'X-Claude-Code-Session-Id', ['Session-Id', 'X-Session-Id']],
    ['X-Team-Session', 'X-Team-Session', ['X-Claude-Code-Session-Id', 'Session-Id', 'X-Session-Id']],
    ['x-claude-code-session-id', 'x-claude-code-session-id', ['Session-Id', 'X-Session-Id']],
  ])(
    'hash the header %s if there are several servers, and copy those of other agents to it',
    (given, hashed, copied) => {
      const sessions = rules(several, given).filter(({ backendRefs }) => backendRefs[0]?.name === 'ollama-sessions');
      const headersOf = ({ matches }: HttpRouteRule) => [
        ...new Set(matches.flatMap(({ headers = [] }) => headers.map(({ name, value }) => `${name}: ${value}`))),
      ];
      const copy = (name: string) => ({
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: hashed, value: `%REQ(${name})%` }] },
      });
      expect(sessions.map((rule) => [headersOf(rule), rule.filters])).toEqual([
        [[`${hashed}: .+`], undefined],
        ...copied.map((name) => [[`${name}: .+`], [copy(name)]]),
      ]);
    },
  );

  it('fit the limits of the Gateway API: 16 rules, and 128 matches', () => {
    const all = rules(several, 'X-Team-Session');
    expect(all.length).toBeLessThanOrEqual(16);
    expect(all.flatMap(({ matches }) => matches).length).toBeLessThanOrEqual(128);
  });
});

describe('the limit of requests in a gateway pod', () => {
  const limitsOf = (pools: IOllamaGpuCluster['pools'], maxWaiting: number) => {
    const { applications } = synthesize({ cluster: clusterOf({ pools, maxWaiting }) }).exposure;
    const filter = applications.flatMap(manifestsOf).find(({ metadata }) => metadata.name === 'request-limit');
    return JSON.stringify(filter ?? {})
      .match(/(?<=concurrency(_limit)?":)\d+/g)
      ?.map(Number);
  };

  it('is shared by requests with a session and without one, if there are several servers', () => {
    expect(limitsOf([{ name: 'gpu', replicas: 3, parallel: 2 }], 8)).toEqual([15, 15]);
    const large = { name: 'large', replicas: 1, parallel: 4 };
    const pools = [{ name: 'gpu', replicas: 1, parallel: 2 }, large, { name: 'spare', replicas: 0, parallel: 4 }];
    expect(limitsOf(pools, 0)).toEqual([6, 6]);
  });

  it('is the limit of the DestinationRule, if there is one server', () => {
    expect(limitsOf([{ name: 'gpu', replicas: 1, parallel: 2 }], 8)).toBeUndefined();
  });
});

describe('refuses', () => {
  it.each<[string, Partial<InternalExposureProps>]>([
    ['callerCidrs', { callerCidrs: [] }],
    ['callerCidrs', { callerCidrs: ['0.0.0.0/0'] }],
    ['callerCidrs', { callerCidrs: ['10.200.0.0/16', '10.201.0.0'] }],
    ['callerCidrs', { callerCidrs: ['10.200.0.0/16', '10.200.0.0/16'] }],
    ['callerCidrs', { callerCidrs: [Token.asString({ resolve: () => '10.200.0.0/16' })] }],
    ['adminHostname', { adminHostname: 'admin' }],
    ['adminHostname', { adminHostname: '10.0.0.11' }],
    ['hostname', { hostname: '10.0.0.10' }],
    ['hostname', { hostname: 'llm.example.10' }],
    ['certificate.secretName', { certificate: { secretName: '' } }],
    ['certificate.secretName', { certificate: { secretName: 'istio-ingress/llm' } }],
    ['certificate.secretName', { certificate: { secretName: 'LLM' } }],
    ['certificate.secretName', { certificate: { secretName: '-llm' } }],
    ['certificate.secretName', { certificate: { secretName: 'a'.repeat(254) } }],
    ['certificate.secretName', { certificate: { secretName: Token.asString({ resolve: () => 'llm' }) } }],
  ])('%s of %j', (property, props) => {
    expect(refusal(() => synthesize(props)).property).toBe(property);
  });
});

it('every part can be reached for overrides', () => {
  const { exposure } = synthesize();
  expect(exposure.loadBalancer).toBe(exposure.privateLoadBalancer);
  expect(exposure.privateLoadBalancer?.node.defaultChild).toBe(exposure.privateLoadBalancer?.resource);
  expect(exposure.loadBalancerController?.node.defaultChild).toBe(exposure.loadBalancerController?.resource);
  expect(exposure.certificate?.node.defaultChild).toBeDefined();
});

function manifestsOf({ source }: Application): readonly Manifest[] {
  return source.kind === 'manifests' ? source.manifests : [];
}

function manifestOf(applications: readonly Application[], kind: string): Manifest | undefined {
  return applications.flatMap(manifestsOf).find((manifest) => manifest.kind === kind);
}

function controllerValues(applications: readonly Application[]): unknown {
  const source = applications.find(({ name }) => name === 'aws-load-balancer-controller')?.source;
  return source?.kind === 'chart' ? source.values : undefined;
}
