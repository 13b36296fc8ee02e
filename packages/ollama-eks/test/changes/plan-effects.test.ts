import { constructId } from '../../src/construct-id';
import { aws } from '../../src/providers/aws';
import { planEffects, type PlannedChange } from '../../src/changes/plan-effects';

type Change = PlannedChange['change'];

const REPLACED = ['delete', 'create'];
const REPLACED_FIRST = ['create', 'delete'];
const DELETED = ['delete'];
const UPDATED = ['update'];

function effects(type: string, change: Change, rest: Partial<PlannedChange> = {}) {
  const { name = 'it' } = rest;
  return planEffects({ resource_changes: [{ address: `${type}.${name}`, type, name, change, ...rest }] });
}

const group = (values: object) => ({ labels: { 'ollama-eks/pool': 'coder' }, version: '1.35', ...values });

test.each([
  ['aws_eks_cluster', 'cluster'],
  ['aws_kms_key', 'secrets-key'],
  ['aws_vpc', 'network'],
  ['aws_lb', 'load-balancer'],
  ['aws_ec2_transit_gateway_vpc_attachment', 'kong-attachment'],
  ['aws_ram_principal_association', 'kong-attachment'],
  ['kubernetes_namespace_v1', 'namespace'],
  ['tls_self_signed_cert', 'certificate-authority'],
  ['aws_cloudwatch_log_group', 'logs'],
  ['helm_release', 'release'],
])('a removed %s loses the %s', (type, subject) => {
  for (const actions of [DELETED, REPLACED]) {
    expect(effects(type, { actions })).toMatchObject([{ effect: 'loses', subject, unfinished: false }]);
  }
});

test('the key of the authority is lost, the key of a certificate is replaced', () => {
  const change = { actions: REPLACED };
  expect(effects('tls_private_key', change, { name: 'kong_certificate_authority-key_0A1B2C3D' })).toMatchObject([
    { effect: 'loses' },
  ]);
  expect(effects('tls_private_key', change, { name: 'authority-key-of-mine_key_0A1B2C3D' })).toMatchObject([
    { effect: 'replaces' },
  ]);
  expect(effects('tls_private_key', change, { name: 'gateway_key' })).toMatchObject([{ effect: 'replaces' }]);
});

test('an effect names what is affected and why, and no other value', () => {
  const before = { name: 'ollama', certificate_authority: 'secret' };
  const replace_paths = [['vpc_config', 0, 'subnet_ids'], ['name']];
  expect(effects('aws_eks_cluster', { actions: REPLACED, before, replace_paths })).toEqual([
    {
      address: 'aws_eks_cluster.it',
      action: 'replace',
      effect: 'loses',
      subject: 'cluster',
      name: 'ollama',
      causes: ['vpc_config[0].subnet_ids', 'name'],
      unfinished: false,
    },
  ]);
});

describe('nodes', () => {
  const type = 'aws_eks_node_group';

  test.each<[string, object, object]>([
    ['another Kubernetes version', { version: '1.36' }, {}],
    ['another image', { release_version: '1.35.4-20260818' }, {}],
    ['a launch template that changes', {}, { launch_template: [{ version: true }] }],
  ])('%s rolls them', (_, after, after_unknown) => {
    const change = { actions: UPDATED, before: group({}), after: group(after), after_unknown };
    expect(effects(type, change)).toMatchObject([{ effect: 'rolls nodes', subject: 'gpu-nodes', name: 'coder' }]);
  });

  test('another size or tag does not', () => {
    const change = { actions: UPDATED, before: group({}), after: group({ tags: { team: 'a' } }), after_unknown: {} };
    expect(effects(type, change)).toEqual([]);
  });

  test('a replacement rolls them, a deletion takes them away', () => {
    const before = group({ labels: { 'ollama-eks/pool': 'system' } });
    expect(effects(type, { actions: REPLACED_FIRST, before })).toMatchObject([
      { effect: 'rolls nodes', subject: 'system-nodes', name: 'system' },
    ]);
    expect(effects(type, { actions: DELETED, before: group({}) })).toMatchObject([{ effect: 'interrupts' }]);
  });
});

test('an upgrade of the control plane is named, since EKS does not downgrade', () => {
  const change = { actions: UPDATED, before: { version: '1.34' }, after: { version: '1.35' } };
  expect(effects('aws_eks_cluster', change)).toMatchObject([{ effect: 'upgrades', subject: 'control-plane' }]);
  expect(effects('aws_eks_cluster', { ...change, after: change.before })).toEqual([]);
});

test('another version of a chart is named, but not that of a chart that is rendered here', () => {
  const release = (version: string, repository?: string) => ({ name: 'istiod', version, repository });
  const repository = 'https://charts.example.com';
  const change = {
    actions: UPDATED,
    before: release('1.30.5', repository),
    after: release('1.31.1', repository),
  };
  expect(effects('helm_release', change)).toMatchObject([
    { effect: 'upgrades', subject: 'chart', name: 'istiod', versions: { from: '1.30.5', to: '1.31.1' } },
  ]);
  for (const after of [release('1.30.5', repository), release('1.31.1'), { ...change.after, version: undefined }]) {
    expect(effects('helm_release', { ...change, after })).toEqual([]);
  }
});

test('other settings of a chart are named, but not those of a chart that is rendered here', () => {
  const release = (values: string, repository?: string) => ({
    name: 'istiod',
    version: '1.31.1',
    repository,
    values: [values],
  });
  const [before, after] = ['a: 1', 'a: 2'].map((values) => release(values, 'https://charts.example.com'));
  expect(effects('helm_release', { actions: UPDATED, before, after })).toMatchObject([
    { effect: 'replaces', subject: 'chart', name: 'istiod' },
  ]);
  const unknown = {
    actions: UPDATED,
    before,
    after: { ...after, values: undefined },
    after_unknown: { values: [true] },
  };
  expect(effects('helm_release', unknown)).toMatchObject([{ subject: 'chart' }]);
  expect(effects('helm_release', { actions: UPDATED, before, after: { ...before, timeout: 600 } })).toEqual([]);
  expect(effects('helm_release', { actions: UPDATED, before: release('a: 1'), after: release('a: 2') })).toEqual([]);
});

test('addresses that can no longer call the Kubernetes API are named, but not those that can from now on', () => {
  const cluster = (isPublic: boolean, ...ranges: readonly string[]) => ({
    name: 'ollama',
    version: '1.35',
    vpc_config: [{ endpoint_public_access: isPublic, public_access_cidrs: ranges }],
  });
  const [office, vpn] = ['203.0.113.0/24', '198.51.100.0/24'];
  const effectOf = (before: object, after: object) => effects('aws_eks_cluster', { actions: UPDATED, before, after });
  const narrowed = [{ effect: 'interrupts', subject: 'api-endpoint', name: 'ollama' }];
  expect(effectOf(cluster(true, office, vpn), cluster(true, vpn))).toMatchObject(narrowed);
  expect(effectOf(cluster(true, office), cluster(true, vpn))).toMatchObject(narrowed);
  expect(effectOf(cluster(true, office), cluster(false, office))).toMatchObject(narrowed);
  expect(effectOf(cluster(true, office), cluster(true, office, vpn))).toEqual([]);
  expect(effectOf(cluster(false, '0.0.0.0/0'), cluster(true, office))).toEqual([]);
});

test('creations, changes in place and data sources have no effect', () => {
  expect(effects('aws_lb', { actions: ['create'] })).toEqual([]);
  expect(effects('aws_lb', { actions: UPDATED })).toEqual([]);
  expect(effects('aws_eks_cluster', { actions: ['delete'] }, { mode: 'data' })).toEqual([]);
});

test('what an interrupted run left is marked', () => {
  const left = [{ action_reason: 'replace_because_tainted' }, { deposed: '0a' }];
  for (const rest of left) {
    expect(effects('aws_lb', { actions: REPLACED }, rest)).toMatchObject([{ unfinished: true }]);
  }
});

test('a resource that Terraform forgets keeps running', () => {
  expect(effects('aws_kms_key', { actions: ['forget'] })).toMatchObject([
    { effect: 'forgets', subject: 'secrets-key' },
  ]);
});

test('the worst comes first', () => {
  const planned = (type: string): PlannedChange => ({ address: type, type, name: 'it', change: { actions: DELETED } });
  const resource_changes = ['aws_kms_alias', 'aws_lb_listener', 'aws_eks_cluster'].map(planned);
  expect(planEffects({ resource_changes }).map(({ effect }) => effect)).toEqual(['loses', 'interrupts', 'replaces']);
});

/** Types whose replacement or deletion cuts off nothing, loses nothing, and is noticed by nobody. */
const UNNOTICED = [
  'aws_budgets_budget',
  'aws_default_security_group',
  'aws_flow_log',
  'aws_kms_alias',
  'aws_launch_template',
  'aws_placement_group',
  'aws_scheduler_schedule',
];

test('every resource type of this library has a subject, or is known to be unnoticed', () => {
  const names = Object.keys(aws).filter((name) => name !== 'AwsProvider' && !name.startsWith('DataAws'));
  const types = names.map((name) => `aws_${constructId(name).replaceAll('-', '_')}`);
  const isOther = (type: string) => effects(type, { actions: DELETED })[0]?.subject === 'resource';
  expect(types).toContain('aws_eks_cluster');
  expect(types.filter(isOther).sort()).toEqual(UNNOTICED);
});
