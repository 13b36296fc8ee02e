/** Random properties of clusters. Each value is allowed by the documentation; synth decides whether they fit together. */
import {
  Capacity,
  gpuInstanceTypeNames,
  KubernetesVersion,
  modelNames,
  systemInstanceTypeNames,
  type GpuPoolProps,
  type OllamaGpuClusterProps,
  type OllamaModel,
} from '@org/ollama-eks';
import fc from 'fast-check';

const ACCOUNT = '111122223333';
const ZONES = ['us-west-2a', 'us-west-2b', 'us-west-2c'];
const KEY = `arn:aws:kms:us-west-2:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** One of several values. */
const oneOf = <const Value>(...values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);

/** An object whose keys may all be absent, except for those given. */
function partial<Value extends object, Key extends keyof Value = never>(
  model: { [K in keyof Value]: fc.Arbitrary<Value[K]> },
  requiredKeys: Key[] = [],
): fc.Arbitrary<Partial<Value> & Pick<Value, Key>> {
  return fc.record(model, { requiredKeys }) as fc.Arbitrary<Partial<Value> & Pick<Value, Key>>;
}

const tags = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  fc.stringMatching(/^[A-Za-z0-9 ._:/=+@-]{0,40}$/),
  {
    maxKeys: 4,
  },
);

const models: fc.Arbitrary<OllamaModel[]> = fc
  .tuple(
    fc.uniqueArray(oneOf(...modelNames()), { minLength: 1, maxLength: 2 }),
    oneOf(2048, 8192, 16_384, 32_768),
    fc.integer({ min: 1, max: 4 }),
  )
  .map(([names, contextLength, parallel]) => names.map((name) => ({ name, contextLength, parallel })));

/** Properties that not every pool supports, with values that some do. */
const special = oneOf<Partial<GpuPoolProps>>(
  {},
  {},
  { amiFamily: 'AL2023', localStorage: 'Mount' },
  { amiFamily: 'BOTTLEROCKET' },
  { efa: true },
);

const ordinaryPool: fc.Arbitrary<GpuPoolProps> = partial(
  {
    instanceType: oneOf(...gpuInstanceTypeNames()),
    zone: oneOf<string | number>(...ZONES, 1),
    capacity: oneOf(
      Capacity.ON_DEMAND,
      Capacity.SPOT,
      Capacity.reservation('cr-0123456789abcdef0'),
      Capacity.block('cr-0123456789abcdef0'),
    ),
    rootVolume: partial({
      sizeGiB: fc.integer({ min: 80, max: 2000 }),
      iops: fc.integer({ min: 3000, max: 16_000 }),
      throughput: fc.integer({ min: 125, max: 1000 }),
    }),
    localStorage: oneOf('RAID0'),
    repair: fc.boolean(),
    replicas: fc.integer({ min: 0, max: 3 }),
    minSize: fc.constant(0),
    maxSize: fc.integer({ min: 3, max: 8 }),
    initialSize: fc.integer({ min: 0, max: 3 }),
    labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,10}$/), fc.stringMatching(/^[a-z0-9]{1,10}$/), { maxKeys: 2 }),
    cache: fc.oneof(
      fc.constant({ kind: 'instance-store' } as const),
      partial({ kind: oneOf('ebs'), retain: fc.boolean(), kmsKeyArn: fc.constant(KEY) }),
    ),
  },
  ['instanceType'],
);

const pool = fc.tuple(ordinaryPool, special).map(([ordinary, more]): GpuPoolProps => ({ ...ordinary, ...more }));

/** Random properties of a cluster. */
export const clusterProps: fc.Arbitrary<OllamaGpuClusterProps> = partial(
  {
    clusterName: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/),
    gpu: fc
      .array(pool, { minLength: 1, maxLength: 2 })
      .map((pools) => (pools.length > 1 ? pools.map((one, n) => ({ ...one, name: `pool-${n}` })) : pools)),
    models,
    createNetwork: partial({
      cidr: oneOf('10.0.0.0/16', '10.64.0.0/17', '172.20.0.0/16', '192.168.0.0/16', '100.64.0.0/18'),
      zones: oneOf(ZONES, ZONES, ZONES.slice(0, 2)),
      nat: oneOf('single', 'single', 'per-zone', 'per-zone', 'none'),
      interfaceEndpoints: oneOf([], ['logs'], ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'sts']),
      flowLogDays: oneOf(0, 1, 30, 365),
    }),
    kubernetesVersion: oneOf(...KubernetesVersion.LISTED),
    upgradePolicy: oneOf('STANDARD', 'EXTENDED'),
    endpoint: oneOf({}, { publicCidrs: ['54.240.193.0/29'] }, { publicCidrs: ['0.0.0.0/0'], allowWorld: true }),
    access: fc.uniqueArray(
      oneOf(
        { principalArn: `arn:aws:iam::${ACCOUNT}:role/admin` },
        { principalArn: `arn:aws:iam::${ACCOUNT}:user/jo`, kubernetesGroups: ['readers'], policies: [] },
      ),
    ),
    secretsKeyArn: fc.constant(KEY),
    logs: partial({
      types: fc.uniqueArray(oneOf('api', 'audit', 'authenticator', 'controllerManager', 'scheduler')),
      retentionDays: oneOf(1, 90, 3653),
    }),
    system: partial({ instanceType: oneOf(...systemInstanceTypeNames()), size: fc.integer({ min: 2, max: 4 }) }),
    kvCacheType: oneOf('f16', 'q8_0', 'q4_0'),
    modelPull: oneOf('online', 'offline'),
    requestTimeoutSeconds: fc.integer({ min: 60, max: 3600 }),
    maxWaiting: fc.integer({ min: 0, max: 64 }),
    guardrails: partial({
      budget: fc.record({ monthlyUsd: fc.integer({ min: 1, max: 100_000 }), emails: fc.constant(['it@example.com']) }),
      quotaCheck: fc.boolean(),
      offeringCheck: fc.boolean(),
      upgradeCheck: fc.boolean(),
      versionCheck: oneOf('catalogue', 'eks', 'none'),
    }),
    nightSchedule: oneOf(
      { stop: 'cron(0 20 ? * MON-FRI *)' },
      { stop: 'cron(0 20 ? * MON-FRI *)', start: 'cron(0 7 ? * MON-FRI *)', timeZone: 'Europe/Berlin' },
    ),
    tags,
    outputs: fc.boolean(),
  },
  ['clusterName', 'gpu', 'models'],
);

/** Kong's range, or undefined for a cluster without Kong. */
export const kongCidr = oneOf(undefined, '192.168.100.0/22', '10.200.0.0/20');
