import { openCluster } from '../cluster-access';
import { Entities } from '../consumers/entities';
import type { Context } from '../context';
import { UsageError } from '../errors';
import { printFindings, requireOk, runChecks, type Check } from '../findings';
import { findControlPlane } from '../konnect';
import { openKonnect } from '../konnect-access';
import { findProject, findTarget } from '../project';
import { Endpoint } from '../verify/endpoint';
import { findEndpoint } from '../verify/find-endpoint';
import { kongChecks } from '../verify/kong-checks';
import { meshChecks } from '../verify/mesh-checks';
import { clusterChecks } from './cluster-checks';
import { kongPluginChecks, type Plugin, type Service } from './kong-plugin-checks';

const TIMEOUT = 30_000;

/** Collects evidence that nothing leaves. Changes nothing; asks Kong for what it must refuse, about models that do not exist. */
export async function runAudit(context: Context): Promise<void> {
  const kubectl = await openCluster(context, findTarget(context, findProject(context)));
  const findings = await runChecks(context, [
    ...clusterChecks(kubectl, context),
    ...meshChecks(kubectl, context),
    ...(await endpointChecks(context)),
    ...(await konnectChecks(context)),
  ]);
  printFindings(context, findings);
  requireOk(findings, 'audit');
}

async function endpointChecks(context: Context): Promise<readonly Check[]> {
  const { settings } = context;
  const known = settings.get('proxyUrl') !== undefined || settings.get('konnectToken') !== undefined;
  const apiKey = settings.get('apiKey');
  if (!known)
    return [
      left('allow-list', 'routes that change or leak are refused', 'its address is not known: set OLLAMA_EKS_URL'),
    ];
  const endpoint = new Endpoint(context, await findEndpoint(context), apiKey, TIMEOUT);
  return kongChecks(endpoint, apiKey !== undefined).filter(({ id }) => id === 'key-required' || id === 'allow-list');
}

async function konnectChecks(context: Context): Promise<readonly Check[]> {
  const { settings } = context;
  if (settings.get('konnectToken') === undefined && settings.get('konnectConfigToken') === undefined) {
    return [left('payload-logging', 'Kong writes no prompts down', 'no token: set KONNECT_CONFIG_TOKEN')];
  }
  const client = openKonnect(context, 'konnectConfigToken');
  const name = settings.require('controlPlane');
  const controlPlane = await findControlPlane(client, name);
  if (controlPlane === undefined)
    throw new UsageError(`Konnect has no control plane ${JSON.stringify(name)}; name it with --control-plane`);
  const entities = new Entities(client, controlPlane);
  return kongPluginChecks(
    () => entities.list<Plugin & { readonly id: string }>('plugins'),
    () => entities.list<Service & { readonly id: string }>('services'),
  );
}

/** A check that can't be made; it is shown and counted. */
function left(id: string, title: string, why: string): Check {
  return { id, title, run: () => Promise.resolve({ status: 'skipped', detail: why }) };
}
