/** What users may import; nothing else is API. */

// errors
export { ValidationError } from './errors';

// gitops
export type {
  Application,
  ApplicationNamespace,
  ChartSource,
  ClusterSecret,
  HealthGate,
  IApplicationSource,
  Json,
  Manifest,
  ManifestSource,
  PodSecurityLevel,
  Wave,
} from './gitops/application';

// mesh
export { AMBIENT_NAMESPACE_LABELS, HBONE_PORT, PROBE_SOURCE_CIDR } from './catalogue/ambient';
export type { GatewayApiChart } from './catalogue/istio-versions';
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
