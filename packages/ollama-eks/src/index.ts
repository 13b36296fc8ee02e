/** Public API: nothing else may be imported. */

// errors
export { ValidationError } from './errors';

// catalogue: instance types, models, Kubernetes versions, prices
export { addedModel, type AddedModel } from './catalogue/added-models';
export { usableGpuMemoryMiB, type Gpu } from './catalogue/gpu';
export { gpuInstanceType, gpuInstanceTypeNames, type GpuInstanceType } from './catalogue/gpu-instance-type';
export { INSTANCE_HARDWARE } from './catalogue/instance-hardware';
export { KubernetesVersion, type AddOnName, type AddOnVersions } from './catalogue/kubernetes-version';
export { model, modelFigures, modelNames } from './catalogue/model';
export type { CachedLayers, ModelFigures, Verification } from './catalogue/model-figures';
export { PINS, type Pin, type Releases } from './catalogue/pins';
export { INSTANCE_PRICES, type ListPrices } from './catalogue/prices';
export type { Source } from './catalogue/source';
export { systemInstanceType, systemInstanceTypeNames, type SystemInstanceType } from './catalogue/system-instance-type';

// sizing
export { allocatable, type Allocatable } from './sizing/allocatable';
export { cost, hourlyPrice, type Cost, type CostInput, type CostLine, type NodeCount } from './sizing/cost';
export { DAEMON_SETS, type DaemonSetRequests } from './sizing/daemon-sets';
export { fit, requireFit, type FitOptions, type FitProperties } from './sizing/fit';
export type { Fit, ModelFit } from './sizing/fit-result';
export { checkGp3, type Gp3Volume, type VolumePerformance } from './sizing/gp3';
export { kvCacheBytes, type KvCacheType, type KvCacheUse } from './sizing/kv-cache';
export type { ModelDisk } from './sizing/load-time';
export { modelVolume, type ModelVolumeOverrides } from './sizing/model-volume';
export type { GpuMemory, MemoryParts, PlacedModel } from './sizing/placement';
export {
  podResources,
  type PodResources,
  type PodResourcesOptions,
  type ResourceQuantities,
} from './sizing/pod-resources';
export { servedModel, type OllamaModel, type ServedModel } from './sizing/served-model';
export { serverNeeds, type ServerNeeds } from './sizing/server-needs';

// cluster
export {
  DEPLOYER,
  type AccessEntry,
  type AccessEntryProps,
  type AccessPolicy,
} from './cluster/control-plane/access-entry';
export type { AddOn, AddOnOptions } from './cluster/control-plane/add-on';
export type { AddOnsProps, NodeAddOns, SystemAddOns } from './cluster/control-plane/add-ons';
export type { ServiceRole } from './cluster/aws/service-role';
export type { Budget, BudgetProps } from './cluster/guardrails/budget';
export type { ControlPlane } from './cluster/control-plane/control-plane';
export { Capacity } from './cluster/nodes/capacity';
export type { IEksCluster, IOllamaGpuCluster, ServedPool } from './cluster/cluster-ref';
export type { ControlPlaneLogsProps, ControlPlaneLogType } from './cluster/control-plane/control-plane-logs';
export type { EndpointProps } from './cluster/control-plane/endpoint';
export type { GpuNodes } from './cluster/nodes/gpu-nodes';
export type {
  AmiFamily,
  GpuPool,
  GpuPoolProps,
  LocalStorage,
  ModelCacheProps,
  NodeTaint,
} from './cluster/nodes/gpu-pool';
export type { WarmPoolProps } from './cluster/nodes/warm-pool';
export { ExistingEksCluster, type ComponentOwner, type ExistingEksClusterProps } from './cluster/existing-eks-cluster';
export type { Guardrails, GuardrailsProps } from './cluster/guardrails/guardrails';
export type { PoolChecksProps } from './cluster/guardrails/pool-checks';
export type { UpgradeCheck } from './cluster/guardrails/upgrade-check';
export type { ModelServingProps } from './cluster/model-serving-props';
export { Network, type NatMode, type NetworkCreateProps, type NetworkProps } from './cluster/network/network';
export type { NetworkAttributes } from './cluster/network/network-attributes';
export type { NetworkLookup } from './cluster/network/network-lookup';
export type { FlowLogs } from './cluster/network/flow-logs';
export type { InternetAccess } from './cluster/network/internet-access';
export type { INetwork } from './cluster/network/network-ref';
export type { NetworkZone } from './cluster/network/network-zone';
export type { VpcEndpoints } from './cluster/network/vpc-endpoints';
export type { NightSchedule, NightScheduleProps } from './cluster/guardrails/night-schedule';
export type { NodeGroup } from './cluster/nodes/node-group';
export { DEFERRED_NODES_CONTEXT } from './cluster/nodes/nodes-at-creation';
export type {
  CollectorSubnet,
  ExistingPrometheusProps,
  InstalledPrometheusProps,
  ManagedPrometheusProps,
  ObservabilityProps,
  PrometheusReference,
} from './observability/observability-props';
export type { TelemetrySummary } from './observability/telemetry-summary';
export type { ManagedPrometheus } from './cluster/telemetry/managed-prometheus';
export { OllamaGpuCluster } from './cluster/ollama-gpu-cluster';
export type {
  OllamaGpuClusterAttributes,
  OllamaGpuClusterLookup,
  OllamaGpuClusterProps,
} from './cluster/ollama-gpu-cluster-props';
export { OllamaGpuPools } from './cluster/ollama-gpu-pools';
export type { OllamaGpuPoolsProps } from './cluster/ollama-gpu-pools-props';
export { CLUSTER_OUTPUTS } from './cluster/output-names';
export type { RootVolumeProps } from './cluster/nodes/root-volume';
export {
  SUMMARY_FILE,
  type ClusterSummary,
  type ModelSummary,
  type PoolSummary,
  type SummaryFile,
} from './cluster/summary';
export type { SystemNodes } from './cluster/nodes/system-nodes';
export type { SystemPoolProps } from './cluster/nodes/system-pool';

// gitops
export { APPLICATION_HEALTH_CHECK, APPLICATION_HEALTH_KEY } from './gitops/application-health';
export type {
  Application,
  ApplicationNamespace,
  ChartSource,
  ClusterSecret,
  HealthGate,
  IApplicationSource,
  IgnoredDifference,
  Json,
  Manifest,
  ManifestSource,
  PodSecurityLevel,
  Wave,
} from './gitops/application';
export { ArgoCdDelivery } from './gitops/argo-cd-delivery';
export type { ArgoCdDeliveryProps } from './gitops/argo-cd-delivery-props';
export type { GeneratedAsset } from './gitops/generated-asset';
export { CRD_HEALTH_CHECK, CRD_HEALTH_KEY } from './gitops/crd-health';
export { checkApplications, type CheckOptions } from './gitops/checks/check-applications';
export type { FileTree } from './gitops/file-tree';
export { HelmDelivery, type HelmDeliveryProps } from './gitops/helm-delivery';
export {
  DOWNLOADS_FILE,
  type ChartDownload,
  type Downloads,
  type DownloadsFile,
  type ImageDownload,
} from './gitops/downloads';
export type { Mirrors } from './gitops/mirrors';
export type { NamespacesAndSecrets } from './gitops/namespaces-and-secrets';
export { renderTree, treeFiles, type TreeOptions } from './gitops/render-tree';
export { copySynthesizedTrees } from './gitops/synthesized-trees';

// workload
export { ollamaApplications } from './workload/applications';
export { CURL_IMAGE, OLLAMA_IMAGE, type ContainerImage, type PublishedImage } from './workload/container-image';
export { modelAlias } from './workload/model-alias';
export { requestCap, type RequestCap } from './workload/pressure';
export { SESSION_HEADER } from './workload/sessions';
export type {
  EbsModelCache,
  InstanceStoreModelCache,
  ModelCache,
  WorkloadPool,
  ModelPull,
  WorkloadSpec,
} from './workload/workload-spec';

// mesh
export {
  AMBIENT_NAMESPACE_LABELS,
  AMBIENT_NODE_REQUESTS,
  HBONE_PORT,
  type NodeRequests,
  PROBE_SOURCE_CIDR,
} from './catalogue/ambient';
export type { ChartImage } from './catalogue/chart-images';
export type { GatewayApiChart } from './catalogue/istio-versions';
export type { AccessLogCollector } from './mesh/access-log-collector';
export { AmbientMesh, type AmbientMeshAttributes, type AmbientMeshProps } from './mesh/ambient-mesh';
export type { ResourceRequests } from './mesh/istio-values';
export {
  type AuthorizationPolicy,
  layer4Policy,
  type Layer4PolicyProps,
  type Layer4Rule,
  type Layer4Source,
} from './mesh/layer4-policy';
export type { IAmbientMesh } from './mesh/mesh-ref';
export type { MeshResources } from './mesh/mesh-settings';
export type { EnrollOptions, MeshedNamespace } from './mesh/meshed-namespace';
export { principal, type ServiceAccountIdentity } from './mesh/service-account';

// exposure
export { checkDeckEnvironment } from './exposure/deck-environment';
export { deckFiles } from './exposure/deck-files';
export type { DeckConsumer, DeckPlugin, DeckRoute, DeckService, DeckState, DeckUpstream } from './exposure/deck-state';
export type { GatewayCertificate } from './exposure/gateway-certificate';
export {
  InternalExposure,
  type ExposureOptions,
  type GatewayCertificateReference,
  type IExposure,
  type InternalExposureProps,
} from './exposure/internal-exposure';
export type { JwtOptions, TeamClaimOptions } from './exposure/jwt';
export { checkKongCidr } from './exposure/kong-cidr';
export type { NeighborRange } from './exposure/kong-cidr-rules';
export {
  DECK_VARIABLES,
  KONG_CONFIG_TAG,
  kongConfig,
  kongConfigFile,
  type KongFacts,
  type KongOptions,
} from './exposure/kong-config';
export { KONG_CONSUMERS_TAG } from './exposure/kong-consumers';
export { KONG_CONTEXT } from './exposure/kong-context';
export { KongNetwork, type KongNetworkOptions, type KongNetworkProps } from './exposure/kong-network';
export { ADMIN_GROUP } from './exposure/kong-plugins';
export { KongTransitExposure, type KongTransitExposureProps } from './exposure/kong-transit-exposure';
export type { LoadBalancerController } from './exposure/load-balancer-controller';
export { EXPOSURE_OUTPUTS } from './exposure/output-names';
export { ExistingLoadBalancer, type ExistingLoadBalancerProps } from './exposure/existing-load-balancer';
export type { IGatewayLoadBalancer } from './exposure/load-balancer-ref';
export type { PrivateLoadBalancer } from './exposure/private-load-balancer';
export {
  HEALTH_PATH,
  HEALTH_ROUTE,
  MODELS_HEAD_ROUTE,
  OLLAMA_ROUTES,
  type HttpMethod,
  type OllamaRoute,
  type RewrittenRoute,
  type RouteClass,
} from './exposure/routes';
export {
  TransitGateway,
  type ITransitGateway,
  type TransitGatewayAttributes,
  type TransitGatewayLookupOptions,
  type TransitGatewayProps,
} from './exposure/transit-gateway';
export {
  VpcAttachment,
  type IVpcAttachment,
  type VpcAttachmentAttributes,
  type VpcAttachmentProps,
} from './exposure/vpc-attachment';

// stacks
export type { BackendFactory } from './stacks/backend';
export { InfrastructureStack, type InfrastructureStackProps } from './stacks/infrastructure-stack';
export { ModuleStack, type ModuleStackProps } from './stacks/module-stack';
export { loosenProviderVersions, type ProviderName } from './provider-versions';
export { PlatformStack, type NamedCluster, type PlatformStackProps } from './stacks/platform-stack';
