import { writeFileSync } from 'node:fs';
import { answer, failure, option, type ToolAnswer, type ToolCall, type ToolState } from './state';

/** Kong's attachment as AWS returns it. */
export interface AwsWorld {
  readonly state: ToolState;
  readonly now: () => number;
  readonly attachments: () => Promise<readonly { readonly id: string; readonly state: string }[]>;
  readonly accept: (id: string) => Promise<void>;
}

/** States of AWS by Kong's name. */
const ATTACHMENT_STATES: Readonly<Record<string, string>> = {
  'pending-acceptance': 'pendingAcceptance',
  ready: 'available',
  terminating: 'deleting',
  terminated: 'deleted',
};

type Handler = (world: AwsWorld, args: readonly string[]) => ToolAnswer | Promise<ToolAnswer>;

const CALLS: Readonly<Record<string, Handler>> = {
  'sts get-caller-identity': ({ state }) =>
    answer({ Account: state.aws.account, Arn: `arn:aws:iam::${state.aws.account}:user/deployer` }),
  'eks update-kubeconfig': (_, args) => {
    writeFileSync(option(args, '--kubeconfig') ?? '', 'apiVersion: v1\nkind: Config\n');
    return answer('Added new context');
  },
  'service-quotas get-service-quota': ({ state }, args) =>
    answer({ Quota: { Value: state.aws.quotas[option(args, '--quota-code') ?? ''] ?? 192 } }),
  'ec2 describe-instance-type-offerings': ({ state }, args) => {
    const type = valueOf(option(args, '--filters'));
    const zones = state.aws.offerings[type] ?? ['us-west-2a', 'us-west-2b'];
    return answer({ InstanceTypeOfferings: zones.map((Location) => ({ Location })) });
  },
  'ec2 describe-transit-gateway-vpc-attachments': async ({ attachments }, args) => {
    const wanted = valueOf(option(args, '--filters'));
    const found = (await attachments()).filter(({ id }) => id === wanted);
    return answer({
      TransitGatewayVpcAttachments: found.map(({ state }) => ({ State: ATTACHMENT_STATES[state] ?? 'pending' })),
    });
  },
  'ec2 accept-transit-gateway-vpc-attachment': async ({ accept }, args) => {
    await accept(option(args, '--transit-gateway-attachment-id') ?? '');
    return answer({});
  },
  'ram get-resource-share-associations': ({ state }) =>
    answer({
      resourceShareAssociations: Object.entries(state.aws.sharePrincipals).map(([associatedEntity, status]) => ({
        associatedEntity,
        status,
      })),
    }),
  'ram associate-resource-share': ({ state }, args) => {
    state.aws.sharePrincipals[option(args, '--principals') ?? ''] = 'ASSOCIATED';
    return answer({});
  },
  'resourcegroupstaggingapi get-resources': ({ state }, args) => {
    const [key, value] = [...(option(args, '--tag-filters') ?? '').matchAll(/=([^,]*)/g)].map(([, found]) => found);
    const own = key === 'elbv2.k8s.aws/cluster' || key === 'ollama-eks/cluster';
    const resources = [...state.aws.loadBalancers, ...state.aws.keys];
    const found = own ? resources.filter(({ cluster }) => cluster === value) : [];
    return answer({ ResourceTagMappingList: found.map(({ arn }) => ({ ResourceARN: arn })) });
  },
  'elbv2 describe-load-balancers': ({ state }) =>
    answer({ LoadBalancers: state.aws.loadBalancers.map(({ arn }) => ({ LoadBalancerArn: arn })) }),
  'ec2 describe-volumes': ({ state }, args) => {
    const cluster = valueOf(option(args, '--filters'));
    return answer({ Volumes: state.aws.volumes.filter((volume) => volume.cluster === cluster) });
  },
  'ec2 delete-volume': ({ state }, args) => {
    const id = option(args, '--volume-id');
    const index = state.aws.volumes.findIndex(({ VolumeId }) => VolumeId === id);
    if (index < 0) return failure(`InvalidVolume.NotFound: ${String(id)}`, 254);
    state.aws.volumes.splice(index, 1);
    return answer(undefined);
  },
  'logs describe-log-groups': ({ state }, args) => {
    const prefix = option(args, '--log-group-name-prefix') ?? '';
    const found = state.aws.logGroups.filter((name) => name.startsWith(prefix));
    return answer({ logGroups: found.map((logGroupName) => ({ logGroupName, storedBytes: 2 * 1024 ** 3 })) });
  },
  'ec2 describe-addresses': ({ state }, args) => {
    const cluster = valueOf(option(args, '--filters'));
    return answer({ Addresses: state.aws.addresses.filter((address) => address.cluster === cluster) });
  },
  'ec2 describe-snapshots': ({ state }, args) => {
    const cluster = valueOf(option(args, '--filters'));
    return answer({ Snapshots: state.aws.snapshots.filter((snapshot) => snapshot.cluster === cluster) });
  },
  'kms describe-key': ({ state }, args) => {
    const id = option(args, '--key-id');
    const key = state.aws.keys.find(({ arn }) => arn === id);
    if (key === undefined || key.state === 'Deleted')
      return failure(`NotFoundException: Key '${String(id)}' does not exist`, 254);
    return answer({ KeyMetadata: { KeyState: key.state, ...(key.deletion && { DeletionDate: key.deletion }) } });
  },
  'eks describe-cluster': ({ state }, args) => {
    const clusters = Object.entries(state.stacks['infra']?.attributes ?? {})
      .filter(([address]) => address.startsWith('aws_eks_cluster.'))
      .map(([, attributes]) => attributes as { name: string; version?: string });
    const found = clusters.find(({ name }) => name === option(args, '--name'));
    if (found === undefined) return failure('ResourceNotFoundException: No cluster found', 254);
    return answer({ cluster: { name: found.name, version: found.version ?? '1.35', status: 'ACTIVE' } });
  },
  'eks list-insights': ({ state }, args) => {
    const asked = option(args, '--filter') ?? '';
    return answer({
      insights: state.aws.upgradeErrors
        .filter(({ kubernetesVersion }) => asked.includes(`kubernetesVersions=${kubernetesVersion}`))
        .map(({ reason }) => ({ name: 'Deprecated APIs', insightStatus: { status: 'ERROR', reason } })),
    });
  },
  'eks list-nodegroups': ({ state }) => {
    const names = Object.keys(state.aws.nodeGroups);
    if (names.length === 0 && state.stacks['infra'] === undefined)
      return failure('ResourceNotFoundException: No cluster found', 254);
    return answer({ nodegroups: names });
  },
  'eks describe-nodegroup': ({ state }, args) => {
    const name = option(args, '--nodegroup-name') ?? '';
    const group = state.aws.nodeGroups[name];
    if (group === undefined) return failure(`ResourceNotFoundException: No node group found for name: ${name}`, 254);
    const { version, pool, createdAt, launches, ...scalingConfig } = group;
    const labels = pool === undefined ? {} : { 'ollama-eks/pool': pool };
    const created = createdAt === undefined ? {} : { createdAt: new Date(createdAt).toISOString() };
    const resources = launches === undefined ? {} : { resources: { autoScalingGroups: [{ name: `eks-${name}` }] } };
    const nodegroup = {
      nodegroupName: name,
      status: 'ACTIVE',
      version,
      labels,
      scalingConfig,
      ...created,
      ...resources,
    };
    return answer({ nodegroup });
  },
  'eks update-nodegroup-config': ({ state, now }, args) => {
    const name = option(args, '--nodegroup-name') ?? '';
    const group = state.aws.nodeGroups[name];
    if (group === undefined) return failure(`ResourceNotFoundException: No node group found for name: ${name}`, 254);
    const desired = Number(/^desiredSize=(\d+)$/.exec(option(args, '--scaling-config') ?? '')?.[1]);
    if (!(desired >= group.minSize && desired <= group.maxSize))
      return failure(`InvalidParameterException: desired capacity ${String(desired)}`, 254);
    if (desired > group.desiredSize) (group.launches ??= []).push(now());
    group.desiredSize = desired;
    return answer({ update: { status: 'InProgress' } });
  },
  'autoscaling describe-scaling-activities': ({ state }, args) => {
    const group = state.aws.nodeGroups[(option(args, '--auto-scaling-group-name') ?? '').replace(/^eks-/, '')];
    const activities = (group?.launches ?? []).map((at) => ({
      StartTime: new Date(at).toISOString(),
      StatusCode: 'Successful',
      Description: 'Launching a new EC2 instance: i-0123456789abcdef0',
    }));
    return answer({ Activities: activities.reverse() });
  },
};

/** The AWS CLI, limited to the calls that we make. */
export function aws(world: AwsWorld, { args }: ToolCall): ToolAnswer | Promise<ToolAnswer> {
  if (args[0] === '--version') return answer('aws-cli/2.31.0 Python/3.13.7');
  if (option(args, '--region') === undefined) return failure('You must specify a region.', 253);
  const call = CALLS[args.slice(0, 2).join(' ')];
  return call === undefined
    ? failure(`aws: error: argument operation: Invalid choice: ${args.join(' ')}`, 252)
    : call(world, args);
}

/** `Name=…,Values=value` */
function valueOf(filter = ''): string {
  return filter.slice(filter.indexOf('Values=') + 'Values='.length);
}
