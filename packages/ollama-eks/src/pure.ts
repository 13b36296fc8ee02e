/**
 * Code without the framework, for programs that create no constructs: published as `@org/ollama-eks/pure`. It loads in
 * milliseconds and needs none of the peer dependencies.
 */

export { cidrRefusal, cidrsOverlap } from './cidr';
export { describeProblem, ValidationError, type Refusal } from './errors';

// catalogue and sizing
export { ADDED_MODELS_FILE, type AddedModel, type AddedModels, readAddedModels } from './catalogue/added-models';
export { kindOf } from './catalogue/kubernetes-kinds';
export { GPU_RESOURCE, type Gpu } from './catalogue/gpu';
export { gpuInstanceType, gpuInstanceTypeNames, type GpuInstanceType } from './catalogue/gpu-instance-type';
export { isListedModel, model, modelFigures, modelNames, suggestTags } from './catalogue/model';
export { CACHELESS_ARCHITECTURES } from './catalogue/architectures';
export type { CachedLayers, ModelFigures } from './catalogue/model-figures';
export { MODEL_PURPOSES, modelPurposes, type ModelPurpose } from './catalogue/model-purposes';
export { DEFAULT_NAMESPACE, DEFAULT_REGISTRY, MODEL_NAME_FORM, parseModelName } from './catalogue/model-name';

export {
  GP3_PER_GIB_MONTH,
  GP3_PER_IOPS_MONTH,
  GP3_PER_MIBPS_MONTH,
  KMS_KEY_PER_MONTH,
  LOAD_BALANCER_PER_HOUR,
  LOAD_BALANCER_UNIT_PER_HOUR,
  LOG_PER_GB,
  LOG_PER_GB_MONTH,
  METRICS_PER_GB_MONTH,
  METRICS_PER_MILLION_SAMPLES,
  NAT_GATEWAY_PER_GB,
  PUBLIC_IPV4_PER_HOUR,
  SNAPSHOT_PER_GIB_MONTH,
  TRANSIT_ATTACHMENT_PER_GB,
} from './catalogue/prices';
export { AMBIENT_NAMESPACE_LABELS } from './catalogue/ambient';
export { creationTime, type CreationTime } from './catalogue/creation-times';
export { firstAnswerSeconds } from './sizing/first-answer';
export { coldStart } from './sizing/cold-start';
export { HOURS_PER_MONTH } from './sizing/cost';
export { DEVELOPER_TOKENS_PER_HOUR, developers, PLANNED_SHARE } from './sizing/developers';
export { fit } from './sizing/fit';
export { GP3_LIMITS } from './sizing/gp3';
export type { Fit } from './sizing/fit-result';
export { LOADER_ALONE } from './sizing/load-time';
export { used } from './sizing/placement';
export { contextLimit, isServedOneAtATime, minContext, servedModel, type OllamaModel } from './sizing/served-model';
export { GIB, gib } from './sizing/units';

// changes
export {
  creationTasks,
  type CriticalPath,
  criticalPath,
  type Task,
  type TerraformResources,
} from './changes/critical-path';
export { EFFECTS, type Effect } from './changes/effects';
export {
  type PlanAction,
  planAction,
  type PlanEffect,
  planEffects,
  type PlannedChange,
  type Subject,
  SUBJECTS,
  type TerraformPlan,
} from './changes/plan-effects';

export {
  type RenderedTree,
  TREE_SUBJECTS,
  type TreeChanges,
  treeChanges,
  type TreeEffect,
  type TreeSubject,
  WATCHED_KINDS,
} from './changes/tree-changes';

export { type Upgrade, upgradeOf, type UpgradedPart, type Versions } from './changes/upgrades';

// cluster
export { eksLogFolder, vpcLogFolder } from './cluster/aws/log-group-names';
export { CLUSTER_OUTPUTS } from './cluster/output-names';
export {
  SUMMARY_FILE,
  type ClusterSummary,
  type GpuMemorySummary,
  type ModelSummary,
  type PoolSummary,
  type SummaryFile,
} from './cluster/summary';
export { DEFERRED_NODES_CONTEXT } from './cluster/nodes/nodes-at-creation';
export { vcpuQuotas, type QuotaPool, type VcpuQuota } from './cluster/guardrails/vcpu-quota';

// delivery
export {
  DOWNLOADS_FILE,
  type ChartDownload,
  type Downloads,
  type DownloadsFile,
  type ImageDownload,
} from './gitops/downloads';
export { SYNC_WAVE } from './gitops/manifests';
export { ARGOCD_NAMESPACE, PROJECTS, ROOT_APPLICATION } from './gitops/names';
export {
  copySynthesizedTrees,
  readSynthesizedObjects,
  type SynthesizedObjects,
  type TreeObject,
} from './gitops/synthesized-trees';

// workload
export { MODELS_PATH } from './workload/container-paths';
export { modelAlias, parseModelAlias, shortModelName } from './workload/model-alias';
export {
  CLUSTER_TAG,
  GATEWAY_LABELS,
  GATEWAY_NAME,
  GATEWAY_NAMESPACE,
  GATEWAY_WORKLOAD,
  ISTIOD,
  MESH_NAMESPACE,
  MODEL_PROVER,
  MODELS_CONTAINER,
  NAME_LABEL,
  OLLAMA,
  OLLAMA_PORT,
  POOL_LABEL,
  serverName,
  ZTUNNEL,
} from './workload/names';
export { NOT_PROVEN } from './workload/prover-script';
export { SESSION_HEADER } from './workload/sessions';
export {
  parseServerFailure,
  SERVER_FAILURES,
  type ServerFailure,
  type ServerFailureCode,
} from './workload/server-failures';
export { DEFAULT_REQUEST_TIMEOUT_SECONDS } from './workload/timing';

// exposure
export { checkDeckEnvironment } from './exposure/deck-environment';
export { deckFiles } from './exposure/deck-files';
export { kongCidrRefusals, type KongCidrRules } from './exposure/kong-cidr-rules';
export { DECK_VARIABLES, KONG_CONFIG_TAG } from './exposure/kong-config';
export { KONG_CONSUMERS_TAG } from './exposure/kong-consumers';
export { KONG_CONTEXT } from './exposure/kong-context';
export { ADMIN_GROUP } from './exposure/kong-plugins';
export { EXPOSURE_OUTPUTS } from './exposure/output-names';
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
