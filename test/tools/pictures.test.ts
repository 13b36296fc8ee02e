import { architecture } from '@org/ollama-eks-tools/pictures/architecture';
import { describeSite } from '@org/ollama-eks-tools/pictures/description';
import { siteOf, type Resources, type Site } from '@org/ollama-eks-tools/pictures/site';
import { THEMES, widthOf, type Area, type Look, type TextLook } from '@org/ollama-eks-tools/pictures/svg';
import type { ClusterSummary, PoolSummary } from '@org/ollama-eks';

const GIB = 1024 ** 3;

const POOL: PoolSummary = {
  name: 'gpu',
  instanceType: 'p4de.24xlarge',
  gpu: '8 × A100',
  capacity: 'ON_DEMAND',
  replicas: 2,
  gpusPerReplica: 4,
  nodes: 1,
  initialSize: 1,
  models: [
    {
      name: 'models.example.com/library/qwen2.5-coder:32b',
      contextLength: 131_072,
      parallel: 16,
      largestContextLength: 1,
    },
    { name: 'llama3.1:8b', contextLength: 10_240, parallel: 1, largestContextLength: 1 },
  ],
  gpus: [{ usedBytes: 60 * GIB, marginBytes: GIB, freeBytes: 15 * GIB }],
  vramUsedBytes: 60 * GIB,
  vramFreeBytes: 15 * GIB,
  spread: true,
  coldLoadSeconds: 19,
  pullSeconds: 30,
};

const CLUSTER: ClusterSummary = {
  clusterName: 'a & b',
  region: 'us-west-2',
  kubernetesVersion: '1.35',
  requestTimeoutSeconds: 600,
  pools: [
    POOL,
    { ...POOL, name: 'gpu-2', instanceType: 'g6.12xlarge', gpu: '4 × L4', replicas: 0, nodes: 0, zone: 'us-west-2b' },
  ],
  costLines: [],
  notes: [],
  warnings: [],
};

const at = (path: string, values: object) => ({ '//': { metadata: { path } }, ...values });
const ref = (type: string, id: string) => `\${${type}.${id}.id}`;

const subnet = (zone: number, kind: string) =>
  at(`infra/cluster/network/zone-${String(zone)}/${kind}`, {
    availability_zone: zone === 0 ? '${data.aws_availability_zones.all.names[0]}' : 'us-west-2b',
    cidr_block: `10.0.${String(zone)}.0/24`,
  });

const nodeGroup = (pool: string, id: string) =>
  at(`infra/cluster/gpu-nodes-${pool}/node-group/Resource`, {
    labels: { 'ollama-eks/pool': pool },
    instance_types: ['g5.xlarge'],
    scaling_config: { desired_size: 1 },
    subnet_ids: [ref('aws_subnet', id)],
  });

const NETWORK: Resources = {
  aws_vpc: { vpc: at('infra/cluster/network/Resource', { cidr_block: '10.0.0.0/16' }) },
  aws_subnet: { a: subnet(0, 'private'), b: subnet(1, 'private'), out: subnet(1, 'public') },
  aws_nat_gateway: { nat: { subnet_id: ref('aws_subnet', 'out') } },
  aws_eks_node_group: {
    system: at('infra/cluster/system-nodes/node-group/Resource', {
      instance_types: ['m7i.large'],
      scaling_config: { desired_size: 2 },
      subnet_ids: [ref('aws_subnet', 'a'), ref('aws_subnet', 'b')],
    }),
    gpu: nodeGroup('gpu', 'b'),
    'gpu-2': nodeGroup('gpu-2', 'a'),
  },
};

const EXPOSED: Resources = {
  aws_lb: { lb: { security_groups: ['${aws_security_group.lb.id}'] } },
  aws_vpc_security_group_ingress_rule: {
    callers: { security_group_id: '${aws_security_group.lb.id}', cidr_ipv4: '192.168.0.0/22' },
    nodes: { security_group_id: '${aws_eks_cluster.cluster.id}', cidr_ipv4: '203.0.113.0/24' },
  },
};

const site = (resources: Resources = { ...NETWORK, ...EXPOSED }): Site => siteOf(CLUSTER, resources, []);
const kong = { aws_ram_resource_share: { share: {} } };

describe('what a picture shows', () => {
  test('zones with their subnets, NAT gateways and pools, whether their names are known or not', () => {
    expect(site().zones).toEqual([
      { name: 'zone 1', subnets: [{ kind: 'private', cidr: '10.0.0.0/24', nat: false }], pools: ['gpu-2'] },
      {
        name: 'us-west-2b',
        subnets: [
          { kind: 'private', cidr: '10.0.1.0/24', nat: false },
          { kind: 'public', cidr: '10.0.1.0/24', nat: true },
        ],
        pools: ['gpu'],
      },
    ]);
  });

  test('only those callers that the load balancer accepts', () => {
    expect(site().callerCidrs).toEqual(['192.168.0.0/22']);
  });

  test('the size of a volume, and the Applications in the order of their waves', () => {
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'models', labels: { 'ollama-eks/pool': 'gpu' } },
      spec: { resources: { requests: { storage: '256Gi' } } },
    };
    const application = (name: string, wave: string) => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, annotations: { 'argocd.argoproj.io/sync-wave': wave } },
    });
    const read = siteOf(CLUSTER, NETWORK, [claim, application('istiod', '0'), application('gateway-api-crds', '-2')]);
    expect(read.volumes).toEqual({ gpu: '256 GiB' });
    expect(read.delivered.map(({ name }) => name)).toEqual(['gateway-api-crds', 'istiod']);
  });
});

const SITES: readonly (readonly [string, Site])[] = [
  ['with Kong', site({ ...NETWORK, ...EXPOSED, ...kong })],
  ['without Kong', site()],
  ['in an existing network', site(EXPOSED)],
  ['behind an existing load balancer', site(NETWORK)],
];

/** Zones a to f of a region, each with a NAT gateway, and pools in some of them. */
const zones = (count: number, pools: Readonly<Record<string, number>>): Site => {
  const letters = Array.from('abcdef').slice(0, count);
  const area = (index: number) => [
    { kind: 'transit', cidr: `10.0.240.${String(16 * index)}/28`, nat: false },
    { kind: 'private', cidr: `10.0.${String(16 * index)}.0/20`, nat: false },
    { kind: 'public', cidr: `10.0.${String(128 + index)}.0/24`, nat: true },
  ];
  const inZone = (index: number) => Object.keys(pools).filter((name) => pools[name] === index);
  return {
    ...site({ ...NETWORK, ...EXPOSED, ...kong }),
    zones: letters.map((letter, index) => ({
      name: `ap-southeast-2${letter}`,
      subnets: area(index),
      pools: inZone(index),
    })),
    cluster: { ...CLUSTER, pools: Object.keys(pools).map((name) => ({ ...POOL, name, instanceType: 'g6e.12xlarge' })) },
  };
};

const MANY: readonly (readonly [string, Site])[] = [
  ['two pools in one zone', zones(2, { gpu: 0, small: 0 })],
  ['four zones', zones(4, { gpu: 0, small: 3 })],
  ['six zones with a pool in each', zones(6, { a: 0, b: 1, c: 2, d: 3, e: 4, f: 5 })],
];

const textsOf = (svg: string) => [
  ...svg.matchAll(/<text class="(\w+)" x="([\d.-]+)" y="([\d.-]+)"(?: text-anchor="(\w+)")?>([^<]*)</g),
];

const boxesOf = (svg: string, ...looks: readonly Look[]): Area[] =>
  [...svg.matchAll(/<rect class="(\w+)" x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="([\d.-]+)"/g)]
    .filter(([, look]) => looks.includes(look as Look))
    .map(([, , ...numbers]) => {
      const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number);
      return { x, y, width, height };
    });

/** Paths of requests, as the points at which they turn. */
const requestsOf = (svg: string): (readonly [number, number])[][] =>
  [...svg.matchAll(/<path class="request" d="([^"]*)"/g)].map(([, path = '']) =>
    [...path.matchAll(/([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
  );

/** Expects every text inside the picture and its box, no two texts on each other, and no request through a text or a pool. */
function expectLegible(svg: string): void {
  const boxes = textsOf(svg).map(([, look, x, y, anchor = 'start', text = '']) => {
    const width = widthOf(text, look as TextLook);
    const left = Number(x) - { start: 0, middle: width / 2, end: width }[anchor as 'start' | 'middle' | 'end'];
    return { text, left, right: left + width, y: Number(y), anchor: Number(x) };
  });
  const outside = boxes.filter(({ left, right, y, anchor }) => {
    // what is drawn later covers what was drawn before
    const box = boxesOf(svg, 'frame', 'card', 'path', 'gpu', 'standby')
      .filter((one) => anchor >= one.x && anchor <= one.x + one.width && y > one.y && y < one.y + one.height)
      .at(-1);
    return box !== undefined && (left < box.x || right > box.x + box.width);
  });
  expect(outside).toEqual([]);
  const lines = requestsOf(svg).flatMap((points) =>
    points.slice(1).flatMap(([x, y], index) => {
      const [fromX = x, fromY = y] = points[index] ?? [];
      return fromX === x ? [{ x, top: Math.min(fromY, y), bottom: Math.max(fromY, y) }] : [];
    }),
  );
  const crossed = lines.flatMap(({ x, top, bottom }) => [
    ...boxes.filter(({ left, right, y }) => left < x && x < right && top < y - 8 && y < bottom),
    ...boxesOf(svg, 'gpu').filter(
      (box) => box.x < x && x < box.x + box.width && top < box.y + box.height && box.y < bottom,
    ),
  ]);
  expect(crossed).toEqual([]);
  expect(boxes.filter(({ left, right }) => left < 0 || right > 960)).toEqual([]);
  const clashes = boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter((other) => Math.abs(one.y - other.y) < 10 && one.left < other.right && other.left < one.right)
      .map((other) => `${one.text} / ${other.text}`),
  );
  expect(clashes).toEqual([]);
}

test('names that are too long for their boxes end with an ellipsis', () => {
  const name = 'production-coding-models-a';
  const model = { contextLength: 1_048_576, parallel: 16, largestContextLength: 1 };
  const pool: PoolSummary = {
    ...POOL,
    ...{ name, nodes: 12, instanceType: 'p6-b300.48xlarge', gpu: '8 × RTX PRO 6000' },
    models: [{ ...model, name: 'hf.co/unsloth/Qwen3-Coder-480B-A35B-Instruct-1M-GGUF:UD-Q4_K_XL' }],
  };
  const shown = site({ ...NETWORK, ...EXPOSED, ...kong });
  const callerCidrs = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '203.0.113.0/24'];
  const cluster = { ...CLUSTER, clusterName: 'x'.repeat(100), pools: [pool] };
  const svg = architecture({ ...shown, callerCidrs, cluster, volumes: { [name]: '16384 GiB' } }, THEMES.light);
  expectLegible(svg);
  const words = textsOf(svg).map(([, , , , , text = '']) => text);
  expect(words).toEqual(expect.arrayContaining([expect.stringMatching(/^EKS x{20,}…$/)]));
  expect(words).toEqual(expect.arrayContaining([expect.stringMatching(/^Qwen3-Coder-480B-.*…$/)]));
});

test.each(MANY)('a picture of %s is legible, and names every zone and every pool', (_, shown) => {
  const svg = architecture(shown, THEMES.light);
  expectLegible(svg);
  const words = textsOf(svg).map(([, , , , , text = '']) => text);
  expect(words.filter((text) => text === 'g6e.12xlarge')).toHaveLength(shown.cluster.pools.length);
  for (const { subnets } of shown.zones) expect(words).toEqual(expect.arrayContaining(subnets.map(({ cidr }) => cidr)));
  expect(words.filter((text) => text.startsWith('ap-southeast-2')).length).toBeGreaterThanOrEqual(shown.zones.length);
});

describe.each(SITES)('a picture %s', (_, shown) => {
  const svg = architecture(shown, THEMES.light);

  test('names every server and every model, and escapes names', () => {
    const words = textsOf(svg).map(([, , , , , text]) => text);
    expect(words.filter((text) => text === 'qwen2.5-coder:32b')).toHaveLength(3);
    expect(words).toEqual(expect.arrayContaining(['p4de.24xlarge', 'g6.12xlarge', 'standby, no nodes']));
    expect(svg).toContain('EKS a &amp; b');
    expect(svg).not.toContain('undefined');
  });

  test('keeps every text inside, and no two texts on each other', () => {
    expectLegible(svg);
  });

  test('has no value that is not a number, and the same shapes in both themes', () => {
    const shapes = (picture: string) => picture.replace(/<style>.*<\/style>/, '');
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(shapes(architecture(shown, THEMES.dark))).toBe(shapes(svg));
  });
});

test('the text alternative says what the picture shows', () => {
  expect(describeSite(site({ ...NETWORK, ...EXPOSED, ...kong }))).toBe(
    "Clients call Kong's gateway with a key, and it calls through a transit gateway from 192.168.0.0/22. " +
      'In VPC 10.0.0.0/16 with 2 zones, an internal load balancer passes TLS through to the Istio gateway, which calls ' +
      '2 Ollama servers with models.example.com/library/qwen2.5-coder:32b-ctx128k, llama3.1:8b-ctx10k on p4de.24xlarge ' +
      '(8 × A100), and a standby pool of g6.12xlarge (4 × L4) in us-west-2b with ' +
      'models.example.com/library/qwen2.5-coder:32b-ctx128k, llama3.1:8b-ctx10k.',
  );
});
