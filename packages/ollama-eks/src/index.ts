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
