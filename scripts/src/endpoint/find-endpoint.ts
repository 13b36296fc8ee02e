import { findConfiguration, findControlPlane, findNetwork, findProxyUrl, healthProbe } from '../konnect';
import { openKonnect } from '../konnect/access';
import { konnectNames } from '../konnect/names';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';

/** Finds the base URL of the endpoint in the settings, or in Konnect. Throws UsageError if neither has it. */
export async function findEndpoint(context: Context): Promise<string> {
  const { settings, fetch, clock, signal } = context;
  const set = settings.get('proxyUrl');
  if (set !== undefined) return set;
  if (settings.get('konnectToken') === undefined && settings.get('konnectConfigToken') === undefined) {
    return settings.require('proxyUrl', 'or set KONNECT_TOKEN to read it from Konnect');
  }
  const client = openKonnect(context, 'konnectConfigToken');
  const { controlPlaneName: name, networkName } = konnectNames(context);
  const controlPlane = await findControlPlane(client, name);
  if (controlPlane === undefined) {
    throw new UsageError(`Konnect has no control plane ${JSON.stringify(name)}`, {
      remedy: 'name it with --control-plane, or --proxy-url',
    });
  }
  const configuration = await findConfiguration(client, controlPlane);
  const network = await findNetwork(client, networkName);
  const found = await findProxyUrl(controlPlane, configuration, network?.id, healthProbe(fetch, clock, signal));
  if (found === undefined) {
    throw new UsageError(`Konnect does not report the address of ${JSON.stringify(name)} yet`, {
      remedy: 'ollama-eks konnect status, or --proxy-url',
    });
  }
  return found.url;
}
