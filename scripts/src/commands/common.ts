import type { ArgumentSpec, OptionSpec } from '../program/command';
import type { SettingName } from '../program/settings';
import { wholeNumber } from '../program/whole-number';

/** The project, or one of its examples. */
export const EXAMPLE: ArgumentSpec = {
  name: '[example]',
  summary: 'folder under examples/, or any folder with a cdktf.json',
  otherwise: 'the project itself',
};

/** Settings that locate the project. */
export const PROJECT: readonly SettingName[] = ['projectDirectory'];

/** Settings that select the cluster. */
export const TARGET: readonly SettingName[] = ['clusterName', 'awsRegion', ...PROJECT];

/** Settings that select the cluster and the folder of its kubeconfig. */
export const CLUSTER: readonly SettingName[] = [...TARGET, 'stateDirectory'];

/** Settings that select the control plane. */
export const CONTROL_PLANE: readonly SettingName[] = ['konnectToken', 'konnectGeo', 'controlPlane'];

/** Settings that select the control plane, with the token for configuration if it is set. */
export const CONFIGURATION: readonly SettingName[] = ['konnectConfigToken', ...CONTROL_PLANE];

/** Settings of the Kong network, which are checked before anything is created. */
export const NETWORK: readonly SettingName[] = [
  ...CONTROL_PLANE,
  'networkName',
  'kongCidr',
  'kongZones',
  'kongAccount',
  'gatewayVersion',
];

/** Settings of the endpoint, and of Konnect, which knows its address. */
export const ENDPOINT: readonly SettingName[] = ['proxyUrl', 'apiKey', ...CONFIGURATION, 'networkName'];

/** Option for the longest request. */
export const REQUEST_TIMEOUT: OptionSpec = {
  name: '--request-timeout <seconds>',
  summary: 'longest request, in seconds',
  parse: wholeNumber('--request-timeout'),
  otherwise: "the value of the project's cluster, or 600",
};
