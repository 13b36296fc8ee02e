import { openCluster } from '../systems/cluster-access';
import { Entities } from '../konnect/entities';
import type { Context } from '../program/context';
import { printFindings, requireOk, runChecks, skip, skipped, type Check } from '../checks/findings';
import { openKonnect } from '../konnect/access';
import { requireControlPlane } from '../konnect/names';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import { Endpoint } from '../endpoint/endpoint';
import { findEndpoint } from '../endpoint/find-endpoint';
import { allowList, keyRequired, NO_KEY } from '../checks/kong-checks';
import { meshChecks } from '../checks/mesh-checks';
import { pathPlugins } from '../checks/path-plugins';
import { clusterChecks } from './cluster-checks';
import { kongPluginChecks, type Service } from './kong-plugin-checks';

const TIMEOUT = 30_000;

/**
 * Collects evidence that prompts and answers stay in the account. Changes nothing: the requests that Kong must refuse name models that do
 * not exist.
 */
export async function runAudit(context: Context): Promise<void> {
  const kubectl = await openCluster(context, findTarget(context, findProject(context)));
  const findings = await runChecks(context, [
    ...clusterChecks(kubectl, context),
    ...meshChecks(kubectl, context),
    ...endpointChecks(context),
    ...konnectChecks(context),
  ]);
  printFindings(context, findings);
  requireOk(findings, 'audit');
}

/** Returns two of the checks of `verify`, once the address is known. */
function endpointChecks(context: Context): readonly Check[] {
  const { settings } = context;
  const apiKey = settings.get('apiKey');
  let endpoint: Promise<Endpoint> | undefined;
  const open = () => (endpoint ??= findEndpoint(context).then((url) => new Endpoint(context, url, apiKey, TIMEOUT)));
  const checks: readonly Check[] = [
    { id: 'key-required', title: 'requests without a key are refused', run: async () => keyRequired(await open()) },
    {
      id: 'allow-list',
      title: 'routes that change models or leak data are refused',
      run: async () => (apiKey === undefined ? skipped(NO_KEY) : allowList(await open())),
    },
  ];
  const isKnown = settings.get('proxyUrl') !== undefined || settings.get('konnectToken') !== undefined;
  return isKnown ? checks : checks.map(skip('the address of Kong is not known: set OLLAMA_EKS_URL'));
}

function konnectChecks(context: Context): readonly Check[] {
  const { settings } = context;
  let entities: Promise<Entities> | undefined;
  const open = () => (entities ??= openEntities(context));
  const checks = kongPluginChecks(
    async () => pathPlugins(await open()),
    async () => (await open()).list<Service>('services'),
  );
  const hasToken = settings.get('konnectToken') !== undefined || settings.get('konnectConfigToken') !== undefined;
  return hasToken ? checks : checks.map(skip('no token: set KONNECT_CONFIG_TOKEN'));
}

async function openEntities(context: Context): Promise<Entities> {
  const client = openKonnect(context, 'konnectConfigToken');
  return new Entities(client, await requireControlPlane(context, client));
}
