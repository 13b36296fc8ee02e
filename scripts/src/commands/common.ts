import type { ArgumentSpec, OptionSpec } from '../program/command';
import type { SettingName } from '../program/settings';
import { wholeNumber } from '../program/whole-number';

/** The project, or one of its examples. */
export const EXAMPLE: ArgumentSpec = {
  name: '[example]',
  summary: 'folder under examples/, or any with a cdktf.json',
  otherwise: 'the project itself',
};

/** Where the project is. */
export const PROJECT: readonly SettingName[] = ['projectDirectory'];

/** Which cluster. */
export const TARGET: readonly SettingName[] = ['clusterName', 'awsRegion', ...PROJECT];

/** Which cluster, and where its kubeconfig is written. */
export const CLUSTER: readonly SettingName[] = [...TARGET, 'stateDirectory'];

/** Which control plane. */
export const CONTROL_PLANE: readonly SettingName[] = ['konnectToken', 'konnectGeo', 'controlPlane'];

/** The control plane by the token that may do less, where there is one. */
export const CONFIGURATION: readonly SettingName[] = ['konnectConfigToken', ...CONTROL_PLANE];

/** What is asked of Konnect before anything is created. */
export const NETWORK: readonly SettingName[] = [
  ...CONTROL_PLANE,
  'networkName',
  'kongCidr',
  'kongZones',
  'kongAccount',
  'gatewayVersion',
];

/** The endpoint, or Konnect, which knows its address. */
export const ENDPOINT: readonly SettingName[] = ['proxyUrl', 'apiKey', ...CONFIGURATION, 'networkName'];

/** Longest request. */
export const REQUEST_TIMEOUT: OptionSpec = {
  name: '--request-timeout <seconds>',
  summary: 'longest request, in seconds',
  parse: wholeNumber('--request-timeout'),
  otherwise: "that of the project's cluster, or 900",
};
