/** One change of every prop: what it does is planned on the recorded installation, or said where no plan can show it. */
import { Capacity, KubernetesVersion } from '@org/ollama-eks';
import { ADMIN, type Changes } from './program';

const KEY = 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TOPIC = 'arn:aws:sns:us-west-2:111122223333:cost';
const IMAGE = { repository: 'registry.example.com/image', tag: '0.32.15' };
const BUDGET = { monthlyUsd: 100, emails: ['it@example.com'] };
const MIRRORS = { charts: 'oci://registry.example.com/charts', images: 'registry.example.com/mirror' };
const MANAGED = {
  metrics: 'amp',
  subnets: [
    { subnetId: 'subnet-1', cidr: '10.0.240.128/28' },
    { subnetId: 'subnet-2', cidr: '10.0.240.144/28' },
  ],
} as const;
const NIGHT = { stop: 'cron(0 20 ? * MON-FRI *)' };
const MODEL = { name: 'llama3.1:8b', contextLength: 8192 };

/** A change that is planned. */
export interface PlannedRow {
  /** What differs from the usual installation before the change, too. */
  readonly before?: Changes;
  readonly after: Changes;
}

/** A prop whose change no plan can show. */
export interface SaidRow {
  readonly effect: string;
}

export type Row = PlannedRow | SaidRow;

const pool = (props: Changes['pool'], before?: Changes['pool']): Row => ({
  before: { pool: before },
  after: { pool: props },
});
const cluster = (props: Changes['cluster'], before?: Changes['cluster']): Row => ({
  before: { cluster: before },
  after: { cluster: props },
});
const network = (props: Changes['network']): Row => ({ before: { network: {} }, after: { network: props } });
const kong = (props: Changes['kong']): Row => ({ after: { kong: props } });
const internal = (props: Changes['internal']): Row => ({ before: { internal: {} }, after: { internal: props } });
const loadBalancer = (props: Changes['loadBalancer']): Row => ({
  before: { loadBalancer: {} },
  after: { loadBalancer: props },
});
const mesh = (props: Changes['mesh']): Row => ({ after: { mesh: props } });
const argoCd = (props: Changes['argoCd']): Row => ({ after: { argoCd: props } });

const PROVIDER: Row = {
  effect:
    'other credentials; with another account or region, Terraform creates everything again and forgets what exists',
};
const OUTPUTS: Row = { effect: 'in place: names of outputs change for whatever reads them' };
const SOURCES: Row = { effect: 'what a source no longer contributes is deleted, as `ollama-eks diff` shows' };
const EXISTING: Row = {
  effect:
    'deletes a listed namespace that the delivery has created, with everything in it: remove it from the state first',
};
const EXISTING_LOAD_BALANCER: Row = {
  effect:
    'interrupts: the rules for callers move to the security group of another load balancer, whose DNS name Kong must use',
};
const TOKENS: Row = { effect: 'interrupts: callers without a token that the gateway then admits' };
const OTHER = (what: string): Row => ({ effect: `loses: everything is created again for another ${what}` });

/** By the interface that declares the prop. */
export const ROWS: Readonly<Record<string, Row>> = {
  'AccessEntryProps.kubernetesGroups': cluster({ access: [{ principalArn: ADMIN, kubernetesGroups: ['readers'] }] }),
  'AccessEntryProps.name': cluster({ access: [{ principalArn: ADMIN, name: 'operators' }] }),
  'AccessEntryProps.namespaces': cluster({
    access: [{ principalArn: ADMIN, policies: ['AmazonEKSAdminPolicy'], namespaces: ['ollama'] }],
  }),
  'AccessEntryProps.policies': cluster({ access: [{ principalArn: ADMIN, policies: ['AmazonEKSViewPolicy'] }] }),
  'AccessEntryProps.principalArn': cluster({ access: [{ principalArn: `${ADMIN}-2` }] }),
  'AddOnOptions.configuration': cluster({ addOns: { coreDns: { configuration: { replicaCount: 3 } } } }),
  'AddOnOptions.version': cluster({ addOns: { coreDns: { version: 'v1.14.0-eksbuild.1' } } }),
  ...Object.fromEntries(
    (
      [
        'coreDns',
        'ebsCsiDriver',
        'kubeProxy',
        'metricsServer',
        'nodeMonitoringAgent',
        'podIdentityAgent',
        'vpcCni',
      ] as const
    ).map((addOn) => [`AddOnsProps.${addOn}`, cluster({ addOns: { [addOn]: { version: 'v1.99.0-eksbuild.1' } } })]),
  ),
  'AmbientMeshProps.accessLogs': mesh({ accessLogs: false }),
  'AmbientMeshProps.cluster': OTHER('cluster'),
  'AmbientMeshProps.cniTaint': mesh({ cniTaint: true }),
  'AmbientMeshProps.gatewayApi': mesh({ gatewayApi: 'existing' }),
  'AmbientMeshProps.highAvailability': mesh({ highAvailability: false }),
  'AmbientMeshProps.podSecurity': { effect: 'in place: labels of the namespace istio-system' },
  'AmbientMeshProps.resources': mesh({ resources: { istiod: { cpu: '1', memory: '4Gi' } } }),
  'AmbientMeshProps.trustDomain': mesh({ trustDomain: 'example.com' }),
  'AmbientMeshProps.version': mesh({ version: '1.30.5' }),
  'ArgoCdDeliveryProps.createNamespace': argoCd({ createNamespace: false }),
  'ArgoCdDeliveryProps.existing': argoCd({ existing: true }),
  'ArgoCdDeliveryProps.existingNamespaces': EXISTING,
  'ArgoCdDeliveryProps.helmProvider': PROVIDER,
  'ArgoCdDeliveryProps.kubernetesProvider': PROVIDER,
  'ArgoCdDeliveryProps.mirrors': argoCd({ mirrors: MIRRORS }),
  'ArgoCdDeliveryProps.namespace': argoCd({ namespace: 'gitops' }),
  'ArgoCdDeliveryProps.path': argoCd({ path: 'other' }),
  'ArgoCdDeliveryProps.repository': argoCd({ repository: 'https://git.example.com/other.git' }),
  'ArgoCdDeliveryProps.repositorySecret': argoCd({ repositorySecret: 'repository' }),
  'ArgoCdDeliveryProps.revision': argoCd({ revision: 'v1.0.1' }),
  'ArgoCdDeliveryProps.sources': SOURCES,
  'ArgoCdDeliveryProps.values': argoCd({ values: { global: { logging: { level: 'debug' } } } }),
  'BudgetProps.emails': cluster(
    { guardrails: { budget: { ...BUDGET, emails: ['cost@example.com'] } } },
    { guardrails: { budget: BUDGET } },
  ),
  'BudgetProps.monthlyUsd': cluster(
    { guardrails: { budget: { ...BUDGET, monthlyUsd: 200 } } },
    { guardrails: { budget: BUDGET } },
  ),
  'BudgetProps.thresholds': cluster(
    { guardrails: { budget: { ...BUDGET, thresholds: [50] } } },
    { guardrails: { budget: BUDGET } },
  ),
  'BudgetProps.topicArns': cluster(
    { guardrails: { budget: { ...BUDGET, topicArns: [TOPIC] } } },
    { guardrails: { budget: BUDGET } },
  ),
  'ControlPlaneLogsProps.kmsKeyArn': cluster({ logs: { kmsKeyArn: KEY } }),
  'ControlPlaneLogsProps.retentionDays': cluster({ logs: { retentionDays: 30 } }),
  'ControlPlaneLogsProps.types': cluster({ logs: { types: ['audit'] } }),
  'EndpointProps.allowWorld': cluster({ endpoint: { publicCidrs: ['0.0.0.0/0'], allowWorld: true } }),
  'EndpointProps.publicCidrs': cluster(
    { endpoint: { publicCidrs: ['54.240.193.0/29'] } },
    { endpoint: { publicCidrs: ['54.240.193.0/29', '54.240.194.0/29'] } },
  ),
  'ExistingEksClusterProps.clusterName': OTHER('cluster'),
  'ExistingEksClusterProps.dependsOn': { effect: 'in place: when the cluster is looked up' },
  'ExistingEksClusterProps.ebsCsiDriver': { effect: 'in place: what a plan checks' },
  'ExistingEksClusterProps.kubernetesVersion': { effect: 'rolls nodes: those of the GPU pools' },
  'ExistingEksClusterProps.network': {
    effect: 'rolls nodes: those of pools whose subnet changes, whose models stay in the old zone',
  },
  'ExistingEksClusterProps.networkPolicies': { effect: 'in place: what a plan checks' },
  'ExistingEksClusterProps.nodeSecurityGroupIds': { effect: 'rolls nodes: those of the GPU pools' },
  'ExistingEksClusterProps.provider': PROVIDER,
  'ExistingEksClusterProps.region': OTHER('region'),
  'ExistingEksClusterProps.serviceCidr': { effect: 'in place: network policies of the pods that pull models' },
  'ExistingLoadBalancerProps.cluster': OTHER('cluster'),
  'ExistingLoadBalancerProps.loadBalancerName': EXISTING_LOAD_BALANCER,
  'ExistingLoadBalancerProps.provider': PROVIDER,
  'ExistingLoadBalancerProps.targetGroupName': loadBalancer({ targetGroupName: 'other' }),
  'ExistingPrometheusProps.metrics': {
    effect: 'restarts servers and gateways; metrics stay where they were collected',
  },
  'ExistingPrometheusProps.prometheus': {
    effect: 'in place: policies of the mesh and of the network, labels of monitors',
  },
  'ExposureOptions.adminHostname': kong({ adminHostname: 'admin.example.com' }),
  'ExposureOptions.certificate': kong({ certificate: { secretName: 'gateway-certificate' } }),
  'ExposureOptions.cluster': OTHER('cluster'),
  'ExposureOptions.hostname': kong({ hostname: 'ollama.example.com' }),
  'ExposureOptions.installLoadBalancerController': kong({ installLoadBalancerController: false }),
  'ExposureOptions.loadBalancer': { after: { loadBalancer: {} } },
  'ExposureOptions.outputPrefix': OUTPUTS,
  'ExposureOptions.outputs': OUTPUTS,
  'ExposureOptions.provider': PROVIDER,
  'ExposureOptions.tlsProvider': PROVIDER,
  'GpuPoolProps.allowCpu': pool({ allowCpu: true }),
  'GpuPoolProps.amiFamily': pool({ amiFamily: 'BOTTLEROCKET' }),
  'GpuPoolProps.cache': pool({ instanceType: 'g5.xlarge', cache: { kind: 'instance-store' } }),
  'GpuPoolProps.capacity': pool({ capacity: Capacity.SPOT }),
  'GpuPoolProps.efa': pool({ instanceType: 'g6.12xlarge', efa: true }, { instanceType: 'g6.12xlarge' }),
  'GpuPoolProps.fastImagePull': pool(
    { instanceType: 'g6.4xlarge', fastImagePull: true },
    { instanceType: 'g6.4xlarge' },
  ),
  'GpuPoolProps.gpusPerReplica': pool(
    { instanceType: 'g5.12xlarge', gpusPerReplica: 4 },
    { instanceType: 'g5.12xlarge' },
  ),
  'GpuPoolProps.initialSize': pool({ initialSize: 0 }),
  'GpuPoolProps.instanceType': pool({ instanceType: 'g6.xlarge' }),
  'GpuPoolProps.labels': pool({ labels: { 'example.com/team': 'search' } }),
  'GpuPoolProps.localStorage': pool({ localStorage: 'RAID0' }),
  'GpuPoolProps.maxSize': pool({ maxSize: 4 }),
  'GpuPoolProps.minSize': pool({ minSize: 1 }),
  'GpuPoolProps.name': pool({ name: 'coder' }),
  'GpuPoolProps.pricePerHour': pool({ pricePerHour: 0.5 }),
  'GpuPoolProps.releaseVersion': pool({ releaseVersion: '1.36.2-20260818' }),
  'GpuPoolProps.repair': pool({ repair: false }),
  'GpuPoolProps.replicas': pool({ replicas: 2 }),
  'GpuPoolProps.rootVolume': pool({ rootVolume: { sizeGiB: 200 } }),
  'GpuPoolProps.startupTaints': pool({
    startupTaints: [{ key: 'example.com/wait', value: 'true', effect: 'NO_SCHEDULE' }],
  }),
  'GpuPoolProps.warmPool': {
    effect: 'in place: nodes that are not needed are stopped; without it, stopped nodes are terminated',
  },
  'GpuPoolProps.zone': pool({ zone: 'us-west-2b' }),
  'GuardrailsProps.budget': cluster({ guardrails: { budget: BUDGET } }),
  'GuardrailsProps.upgradeCheck': cluster({ guardrails: { upgradeCheck: false } }),
  'GuardrailsProps.versionCheck': cluster({ guardrails: { versionCheck: 'none' } }),
  'HelmDeliveryProps.existingNamespaces': EXISTING,
  'HelmDeliveryProps.helmProvider': PROVIDER,
  'HelmDeliveryProps.kubernetesProvider': PROVIDER,
  'HelmDeliveryProps.mirrors': { before: { helm: {} }, after: { helm: { mirrors: MIRRORS } } },
  'HelmDeliveryProps.sources': SOURCES,
  'InfrastructureStackProps.backend': {
    effect: 'moves the state: run `terraform init -migrate-state` first, or everything is created again',
  },
  'InfrastructureStackProps.region': { after: { infra: { region: 'eu-west-1' } } },
  'InfrastructureStackProps.tags': { after: { infra: { tags: { Team: 'search' } } } },
  'InternalExposureProps.callerCidrs': internal({ callerCidrs: ['10.9.0.0/16'] }),
  'InternalExposureProps.jwt': TOKENS,
  'InstalledPrometheusProps.grafana': { effect: 'in place: Grafana is added or removed' },
  'InstalledPrometheusProps.metrics': {
    effect: 'restarts servers and gateways; metrics stay where they were collected',
  },
  'InstalledPrometheusProps.retentionDays': { effect: 'in place: Prometheus restarts' },
  'InstalledPrometheusProps.storageGiB': { effect: 'loses: the volume of metrics is replaced' },
  'JwtOptions.audiences': TOKENS,
  'JwtOptions.issuer': TOKENS,
  'JwtOptions.jwksUri': TOKENS,
  'JwtOptions.team': TOKENS,
  'KongNetworkOptions.kongAttachmentId': kong({ kongAttachmentId: 'tgw-attach-0fedcba9876543210' }),
  'KongNetworkOptions.kongCidr': kong({ kongCidr: '192.168.4.0/22' }),
  'KongNetworkOptions.kongProviderAccountId': kong({ kongProviderAccountId: '444455556666' }),
  'KongNetworkOptions.kongZoneCount': kong({ kongZoneCount: 3 }),
  'KongNetworkProps.kongRouteTableId': { effect: 'loses: Kong’s attachment is associated with another route table' },
  'KongNetworkProps.name': { effect: 'in place: tags and the name of the resource share' },
  'KongNetworkProps.network': OTHER('network'),
  'KongNetworkProps.provider': PROVIDER,
  'KongNetworkProps.tags': { effect: 'in place' },
  'KongNetworkProps.transitGateway': OTHER('transit gateway'),
  'KongNetworkProps.vpcAttachment': OTHER('attachment'),
  'KongTransitExposureProps.peerCidrs': kong({ peerCidrs: ['10.20.0.0/16'] }),
  'KongTransitExposureProps.transitGateway': { after: { transitGateway: {} } },
  'KongTransitExposureProps.vpcAttachment': { after: { vpcAttachment: {} } },
  'ManagedPrometheusProps.alertTopicArn': cluster(
    { observability: { ...MANAGED, alertTopicArn: TOPIC } },
    { observability: { ...MANAGED, alertTopicArn: `${TOPIC}-2` } },
  ),
  'ManagedPrometheusProps.metrics': cluster(
    { observability: { metrics: 'prometheus' } },
    { observability: { metrics: 'amp' } },
  ),
  'ManagedPrometheusProps.subnets': cluster({ observability: { metrics: 'amp' } }, { observability: MANAGED }),
  'ModelCacheProps.iops': pool({ cache: { iops: 6000 } }),
  'ModelCacheProps.kind': pool({ cache: { kind: 'instance-store' } }),
  'ModelCacheProps.kmsKeyArn': pool({ cache: { kmsKeyArn: KEY } }),
  'ModelCacheProps.retain': pool({ cache: { retain: true } }),
  'ModelCacheProps.sizeGiB': pool({ cache: { sizeGiB: 200 } }),
  'ModelCacheProps.throughput': pool({ cache: { throughput: 250 } }),
  'ModelServingProps.gpu': cluster({
    gpu: [
      { name: 'gpu', instanceType: 'g5.xlarge' },
      { name: 'standby', instanceType: 'g6.xlarge' },
    ],
  }),
  'ModelServingProps.image': cluster({ image: IMAGE }),
  'ModelServingProps.kvCacheType': cluster({ kvCacheType: 'q8_0' }),
  'ModelServingProps.maxWaiting': cluster({ maxWaiting: 4 }),
  'ModelServingProps.modelPull': cluster({ modelPull: 'offline' }),
  'ModelServingProps.models': cluster({ models: [{ name: 'qwen3:8b', contextLength: 8192 }] }),
  'ModelServingProps.nightSchedule': cluster({ nightSchedule: NIGHT }),
  'ModelServingProps.outputPrefix': OUTPUTS,
  'ModelServingProps.outputs': OUTPUTS,
  'ModelServingProps.proverImage': cluster({ proverImage: IMAGE }),
  'ModelServingProps.observability': { effect: 'restarts servers and gateways' },
  'ModelServingProps.provider': PROVIDER,
  'ModelServingProps.registryCidrs': { effect: 'in place: network policies of the pods that pull models' },
  'ModelServingProps.requestTimeoutSeconds': cluster({ requestTimeoutSeconds: 300 }),
  'ModelServingProps.sessionHeader': {
    before: { pool: { replicas: 2 } },
    after: { cluster: { sessionHeader: 'X-Session' } },
  },
  'ModelServingProps.tags': cluster({ tags: { Team: 'search' } }),
  'ModuleStackProps.providers': { effect: 'the caller must pass the providers that are listed' },
  'ModuleStackProps.region': OTHER('region'),
  'NetworkCreateProps.cidr': cluster({ createNetwork: { cidr: '10.1.0.0/16' } }),
  'NetworkCreateProps.flowLogDays': cluster({ createNetwork: { flowLogDays: 90 } }),
  'NetworkCreateProps.interfaceEndpoints': cluster({ createNetwork: { interfaceEndpoints: ['ecr.api'] } }),
  'NetworkCreateProps.nat': cluster({ createNetwork: { nat: 'per-zone' } }),
  'NetworkCreateProps.zoneCount': cluster({ createNetwork: { zoneCount: 2 } }),
  'NetworkCreateProps.zones': cluster({ createNetwork: { zones: ['us-west-2b', 'us-west-2a', 'us-west-2c'] } }),
  'NetworkProps.allowReplacement': network({ allowReplacement: true, cidr: '10.1.0.0/16' }),
  'NetworkProps.networkName': network({ networkName: 'other' }),
  'NetworkProps.provider': PROVIDER,
  'NetworkProps.region': OTHER('region'),
  'NetworkProps.tags': network({ tags: { Team: 'search' } }),
  'NightScheduleProps.start': cluster(
    { nightSchedule: { ...NIGHT, start: 'cron(0 7 ? * MON-FRI *)' } },
    { nightSchedule: NIGHT },
  ),
  'NightScheduleProps.stop': cluster({ nightSchedule: { stop: 'cron(0 22 ? * MON-FRI *)' } }, { nightSchedule: NIGHT }),
  'NightScheduleProps.timeZone': cluster(
    { nightSchedule: { ...NIGHT, timeZone: 'Europe/Berlin' } },
    { nightSchedule: NIGHT },
  ),
  'OllamaGpuClusterProps.access': cluster({ access: [] }),
  'OllamaGpuClusterProps.addOns': cluster({ addOns: { coreDns: { version: 'v1.14.0-eksbuild.1' } } }),
  'OllamaGpuClusterProps.allowReplacement': cluster({ allowReplacement: true, clusterName: 'other' }),
  'OllamaGpuClusterProps.clusterName': cluster({ clusterName: 'other' }),
  'OllamaGpuClusterProps.createNetwork': cluster({ createNetwork: { flowLogDays: 90 } }),
  'OllamaGpuClusterProps.deletionProtection': { effect: 'in place' },
  'OllamaGpuClusterProps.endpoint': cluster({ endpoint: { publicCidrs: ['54.240.193.0/29'] } }),
  'OllamaGpuClusterProps.guardrails': cluster({ guardrails: { quotaCheck: false } }),
  'OllamaGpuClusterProps.kubernetesVersion': cluster(
    { kubernetesVersion: KubernetesVersion.of('1.36') },
    { kubernetesVersion: KubernetesVersion.of('1.35') },
  ),
  'OllamaGpuClusterProps.logs': cluster({ logs: { retentionDays: 30 } }),
  'OllamaGpuClusterProps.network': { after: { network: {} } },
  'OllamaGpuClusterProps.region': cluster({ region: 'eu-west-1' }),
  'OllamaGpuClusterProps.secretsKeyArn': cluster({ secretsKeyArn: KEY }),
  'OllamaGpuClusterProps.serviceCidr': cluster({ serviceCidr: '10.96.0.0/16' }),
  'OllamaGpuClusterProps.system': cluster({ system: { maxSize: 6 } }),
  'OllamaGpuClusterProps.upgradePolicy': cluster({ upgradePolicy: 'EXTENDED' }),
  'OllamaGpuPoolsProps.cluster': OTHER('cluster'),
  'OllamaGpuPoolsProps.guardrails': { effect: 'in place: what a plan checks' },
  'OllamaGpuPoolsProps.installDevicePlugin': {
    effect: 'interrupts: servers that start while GPUs move from one device plugin to the other',
  },
  'OllamaGpuPoolsProps.nodeRoleArn': { effect: 'rolls nodes: those of the GPU pools are created again' },
  'OllamaModel.contextLength': cluster({ models: [{ ...MODEL, contextLength: 4096 }] }),
  'OllamaModel.digest': cluster({ models: [{ ...MODEL, digest: `sha256:${'a'.repeat(64)}` }] }),
  'OllamaModel.figures': { effect: 'servers restart if sizes that are derived from the figures change' },
  'OllamaModel.name': cluster({ models: [{ ...MODEL, name: 'qwen3:8b' }] }),
  'OllamaModel.parallel': cluster({ models: [{ ...MODEL, parallel: 2 }] }),
  'PlatformStackProps.backend': {
    effect: 'moves the state: run `terraform init -migrate-state` first, or everything is created again',
  },
  'PlatformStackProps.cluster': OTHER('cluster'),
  'PoolChecksProps.offeringCheck': cluster({ guardrails: { offeringCheck: false } }),
  'PoolChecksProps.quotaCheck': cluster({ guardrails: { quotaCheck: false } }),
  'RootVolumeProps.iops': pool({ rootVolume: { iops: 6000 } }),
  'RootVolumeProps.kmsKeyArn': pool({ rootVolume: { kmsKeyArn: KEY } }),
  'RootVolumeProps.sizeGiB': pool({ rootVolume: { sizeGiB: 200 } }),
  'RootVolumeProps.throughput': pool({ rootVolume: { throughput: 300 } }),
  'SystemPoolProps.instanceType': cluster({ system: { instanceType: 'm6i.large' } }),
  'SystemPoolProps.maxSize': cluster({ system: { maxSize: 6 } }),
  'SystemPoolProps.minSize': cluster({ system: { minSize: 1 } }),
  'SystemPoolProps.releaseVersion': cluster({ system: { releaseVersion: '1.36.2-20260818' } }),
  'SystemPoolProps.rootVolume': cluster({ system: { rootVolume: { sizeGiB: 100 } } }),
  'SystemPoolProps.size': cluster({ system: { size: 3 } }),
  'TeamClaimOptions.claim': TOKENS,
  'TeamClaimOptions.teams': TOKENS,
  'TransitGatewayProps.amazonSideAsn': {
    before: { transitGateway: {} },
    after: { transitGateway: { amazonSideAsn: 64_600 } },
  },
  'TransitGatewayProps.autoAcceptSharedAttachments': {
    before: { transitGateway: {} },
    after: { transitGateway: { autoAcceptSharedAttachments: true } },
  },
  'TransitGatewayProps.name': { before: { transitGateway: {} }, after: { transitGateway: { name: 'other' } } },
  'TransitGatewayProps.provider': PROVIDER,
  'TransitGatewayProps.tags': {
    before: { transitGateway: {} },
    after: { transitGateway: { tags: { Team: 'search' } } },
  },
  'VpcAttachmentProps.name': { before: { vpcAttachment: {} }, after: { vpcAttachment: { name: 'other' } } },
  'VpcAttachmentProps.network': OTHER('network'),
  'VpcAttachmentProps.provider': PROVIDER,
  'VpcAttachmentProps.tags': { before: { vpcAttachment: {} }, after: { vpcAttachment: { tags: { Team: 'search' } } } },
  'VpcAttachmentProps.transitGateway': OTHER('transit gateway'),
  'WarmPoolProps.maxGroupPreparedCapacity': { effect: 'in place: nodes are launched and stopped, or terminated' },
};
