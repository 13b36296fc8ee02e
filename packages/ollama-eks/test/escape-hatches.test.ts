import type { IConstruct } from 'constructs';
import { ExistingEksCluster } from '../src/cluster/existing-eks-cluster';
import { Network } from '../src/cluster/network/network';
import { OllamaGpuCluster } from '../src/cluster/ollama-gpu-cluster';
import { OllamaGpuPools } from '../src/cluster/ollama-gpu-pools';
import { ExistingLoadBalancer } from '../src/exposure/existing-load-balancer';
import { InternalExposure } from '../src/exposure/internal-exposure';
import { KongTransitExposure } from '../src/exposure/kong-transit-exposure';
import { TransitGateway } from '../src/exposure/transit-gateway';
import { VpcAttachment } from '../src/exposure/vpc-attachment';
import { Construct, Testing, type TerraformElement } from '../src/framework';
import { ArgoCdDelivery } from '../src/gitops/argo-cd-delivery';
import { HelmDelivery } from '../src/gitops/helm-delivery';
import * as library from '../src/index';
import { AmbientMesh } from '../src/mesh/ambient-mesh';
import { InfrastructureStack } from '../src/stacks/infrastructure-stack';
import { ModuleStack } from '../src/stacks/module-stack';
import { PlatformStack } from '../src/stacks/platform-stack';

const PROPS = {
  gpu: { instanceType: 'p4d.24xlarge', efa: true },
  models: [{ name: 'llama3.1:8b', contextLength: 8192 }],
  access: [{ principalArn: 'arn:aws:iam::111122223333:role/platform' }],
  guardrails: { budget: { monthlyUsd: 2000, emails: ['platform@example.com'] } },
  nightSchedule: { stop: 'cron(0 20 * * ? *)', start: 'cron(0 7 * * ? *)' },
  createNetwork: { interfaceEndpoints: ['sts'] },
};

const app = Testing.app();
const infra = new InfrastructureStack(app, 'infra', { region: 'us-west-2' });
const cluster = new OllamaGpuCluster(infra, 'cluster', { ...PROPS, clusterName: 'ollama' });
const kong = new KongTransitExposure(infra, 'kong', {
  cluster,
  kongCidr: '192.168.0.0/22',
  kongProviderAccountId: '111122223333',
  kongAttachmentId: 'tgw-attach-0123456789abcdef0',
});

const estate = new InfrastructureStack(app, 'estate', { region: 'us-west-2' });
const existing = new ExistingEksCluster(estate, 'existing', {
  clusterName: 'platform',
  network: Network.fromAttributes(estate, 'network', {
    vpcId: 'vpc-0123456789abcdef0',
    vpcCidr: '10.20.0.0/16',
    privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  }),
});
const { gpu, models, nightSchedule } = PROPS;
const pools = new OllamaGpuPools(estate, 'pools', { cluster: existing, gpu, models, nightSchedule });
const loadBalancer = new ExistingLoadBalancer(estate, 'load-balancer', {
  cluster: pools,
  loadBalancerName: 'gateway',
  targetGroupName: 'gateway',
});
new InternalExposure(estate, 'internal', { cluster: pools, callerCidrs: ['10.200.0.0/16'], loadBalancer });

const sources = (stack: PlatformStack) => [cluster, new AmbientMesh(stack, 'mesh', { cluster }), kong];
const platform = new PlatformStack(app, 'platform', { cluster });
const argo = new ArgoCdDelivery(platform, 'argocd', {
  sources: sources(platform),
  repository: 'https://github.com/acme/platform',
  revision: 'v1.0.0',
  path: 'argocd/ollama',
  repositorySecret: 'platform',
});
const helmPlatform = new PlatformStack(app, 'helm', { cluster });
const helm = new HelmDelivery(helmPlatform, 'helm', { sources: sources(helmPlatform) });

const stacks: readonly IConstruct[] = [infra, estate, platform, helmPlatform];
const all: readonly IConstruct[] = stacks.flatMap((stack) => stack.node.findAll());

/** Returns the Terraform type of a resource, data source or provider. */
const typeOf = (construct: unknown) =>
  (construct as { readonly terraformResourceType?: string } | undefined)?.terraformResourceType;
const isElement = (construct: IConstruct): construct is TerraformElement => 'toTerraform' in construct;

/** Constructs without a main resource, and why. */
const WITHOUT_MAIN_RESOURCE = {
  AmbientMesh: 'has only Applications',
  HelmDelivery: 'has its releases by name',
  NamespacesAndSecrets: 'has namespaces and Secrets by name',
  ImportedNetwork: 'creates nothing',
};
/** Constructs that are not exported: files of a stack, lookups, and the part that clusters and pools share. */
const INTERNAL = ['AwsAccount', 'GeneratedAsset', 'ModelServing', 'PoolChecks', 'StackFile'];

describe('constructs', () => {
  const constructs = all.filter((construct) => !isElement(construct) && !stacks.includes(construct));

  test('include every one that the library exports', () => {
    const exported = Object.values(library).filter(
      (value) => typeof value === 'function' && value.prototype instanceof Construct,
    );
    const made = (type: unknown) => [...all, ...stacks].some(({ constructor }) => constructor === type);
    expect(exported.length).toBeGreaterThan(10);
    // a module has no resource of its own
    expect(exported.filter((type) => !made(type))).toEqual([ModuleStack]);
  });

  test('have a main resource as their default child', () => {
    const usesExistingLoadBalancer = (construct: IConstruct) =>
      isExposure(construct) && construct.privateLoadBalancer === undefined;
    const without = constructs.filter(
      (construct) => typeOf(construct.node.defaultChild) === undefined && !usesExistingLoadBalancer(construct),
    );
    const names = new Set(without.map(({ constructor }) => constructor.name));
    expect([...names].sort()).toEqual([...Object.keys(WITHOUT_MAIN_RESOURCE), ...INTERNAL].sort());
  });

  test.each<[string, IConstruct, string]>([
    ['the cluster', cluster, 'aws_eks_cluster'],
    ['a zone of its network', cluster.createdNetwork?.networkZones[0] as IConstruct, 'aws_subnet'],
    ['its endpoints', cluster.createdNetwork?.endpoints as IConstruct, 'aws_vpc_endpoint'],
    ['its guardrails', cluster.guardrails, 'aws_budgets_budget'],
    ['its schedule', cluster.nightSchedule as IConstruct, 'aws_scheduler_schedule'],
    ['add-ons of nodes', cluster.nodeAddOns, 'aws_eks_addon'],
    ['add-ons on nodes', cluster.systemAddOns, 'aws_eks_addon'],
    ['pools', pools, 'aws_eks_node_group'],
    ['an exposure through Kong', kong, 'aws_ram_resource_share'],
    ['an internal exposure', kong.internal, 'aws_lb'],
    ['a delivery with Argo CD', argo, 'helm_release'],
  ])('%s has the main resource that one expects', (_, construct, type) => {
    expect(typeOf(construct.node.defaultChild)).toBe(type);
  });
});

/** Types that only join two resources, or keep a choice of the user: they have no settings of their own. */
const JOINTS = [
  ...['aws_ec2_transit_gateway_route', 'aws_ec2_transit_gateway_route_table_association'],
  ...['aws_eks_access_policy_association', 'aws_iam_role_policy_attachment', 'aws_kms_alias'],
  ...['aws_ram_principal_association', 'aws_ram_resource_association', 'aws_route', 'aws_route_table_association'],
  ...['aws_vpc_security_group_egress_rule', 'aws_vpc_security_group_ingress_rule', 'terraform_data'],
];

test('every resource with settings is a typed field', () => {
  const network = cluster.createdNetwork;
  const { controlPlane, nodeAddOns, systemAddOns, guardrails } = cluster;
  const nodes = [cluster.systemNodes, ...cluster.gpuNodes, ...pools.gpuNodes].map(({ nodeGroup }) => nodeGroup);
  const schedules = [cluster.nightSchedule, pools.nightSchedule];
  const certificates = [kong.internal.certificate, estate.node.findAll().find(isExposure)?.certificate];
  const controllers = [kong.internal, ...estate.node.findAll().filter(isExposure)].map(
    (exposure) => exposure.loadBalancerController,
  );
  const addOns = [
    ...[nodeAddOns.podIdentityAgent, nodeAddOns.kubeProxy, nodeAddOns.vpcCni],
    ...[systemAddOns.coreDns, systemAddOns.ebsCsiDriver, systemAddOns.metricsServer, systemAddOns.nodeMonitoringAgent],
  ];
  const roles = [
    ...[controlPlane.role, cluster.nodeRole, pools.nodeRole, nodeAddOns.vpcCniRole, systemAddOns.ebsCsiDriverRole],
    ...[network?.flowLogs?.role, ...schedules.map((schedule) => schedule?.role)],
    ...controllers.map((controller) => controller?.role),
  ];
  const typed: readonly unknown[] = [
    ...[network?.resource, network?.transitRouteTable, network?.defaultSecurityGroup],
    ...(network?.networkZones ?? []).flatMap((zone) => [zone.privateSubnet, zone.privateRouteTable]),
    ...(network?.networkZones ?? []).flatMap((zone) => [zone.transitSubnet, zone.publicSubnet]),
    ...(network?.networkZones ?? []).flatMap((zone) => [zone.natGateway, zone.natAddress]),
    ...[network?.internetAccess?.resource, network?.internetAccess?.routeTable],
    ...[network?.endpoints.s3, network?.endpoints.securityGroup, network?.endpoints.interfaces.sts],
    ...[network?.flowLogs?.resource, network?.flowLogs?.logGroup],
    ...[controlPlane.cluster, controlPlane.secretsKey, controlPlane.logGroup],
    ...cluster.accessEntries.map(({ resource }) => resource),
    ...addOns.map(({ resource }) => resource),
    ...roles.flatMap((role) => [role?.resource, role?.policy]),
    guardrails.budget?.resource,
    ...schedules.flatMap((schedule) => schedule?.schedules),
    ...nodes.flatMap(({ resource, launchTemplate, placementGroup }) => [resource, launchTemplate, placementGroup]),
    ...[kong.internal.privateLoadBalancer?.resource, kong.internal.privateLoadBalancer?.listener],
    ...[kong.internal.privateLoadBalancer?.securityGroup, kong.internal.privateLoadBalancer?.targetGroup],
    ...certificates.flatMap((certificate) => [certificate?.resource, certificate?.key, certificate?.request]),
    ...certificates.flatMap((certificate) => [certificate?.authority, certificate?.authorityKey]),
    ...controllers.map((controller) => controller?.resource),
    kong.transitGateway instanceof TransitGateway ? kong.transitGateway.resource : undefined,
    ...(kong.vpcAttachment instanceof VpcAttachment
      ? [kong.vpcAttachment.resource, kong.vpcAttachment.routeTable]
      : []),
    ...[kong.kongRouteTable, kong.kongNetwork.resource, kong.kongNetwork.accepter],
    ...[argo, helm].flatMap(({ prerequisites }) => [...prerequisites.namespaces.values(), ...prerequisites.secrets]),
    ...[argo.argoCdNamespace, argo.repositoryLabels, argo.argoCd, argo.root],
    ...helm.releases.values(),
  ];
  const resources = all.filter((construct) => 'provisioners' in construct && !JOINTS.includes(typeOf(construct) ?? ''));
  expect(resources.length).toBeGreaterThan(80);
  expect(resources.filter((resource) => !typed.includes(resource)).map(({ node }) => node.path)).toEqual([]);
});

function isExposure(construct: IConstruct): construct is InternalExposure {
  return construct instanceof InternalExposure;
}
