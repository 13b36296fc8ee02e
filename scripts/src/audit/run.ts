import { openCluster } from '../systems/cluster-access';
import { Entities } from '../konnect/entities';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { printFindings, requireOk, runChecks, type Check } from '../checks/findings';
import { findControlPlane } from '../konnect';
import { openKonnect } from '../konnect/access';
import { controlPlaneName } from '../konnect/names';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import { Endpoint } from '../endpoint/endpoint';
import { findEndpoint } from '../endpoint/find-endpoint';
import { allowList, keyRequired } from '../checks/kong-checks';
import { meshChecks } from '../checks/mesh-checks';
import { clusterChecks } from './cluster-checks';
import { kongPluginChecks, type Plugin, type Service } from './kong-plugin-checks';

const TIMEOUT = 30_000;

/** Collects evidence that nothing leaves. Changes nothing; asks Kong for what it must refuse, about models that do not exist. */
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

/** Two of the checks that `verify` makes, once the address is known. */
function endpointChecks(context: Context): readonly Check[] {
  const { settings } = context;
  if (settings.get('proxyUrl') === undefined && settings.get('konnectToken') === undefined) {
    return [
      left('allow-list', 'routes that change or leak are refused', 'its address is not known: set OLLAMA_EKS_URL'),
    ];
  }
  const apiKey = settings.get('apiKey');
  let endpoint: Promise<Endpoint> | undefined;
  const open = () => (endpoint ??= findEndpoint(context).then((url) => new Endpoint(context, url, apiKey, TIMEOUT)));
  return [
    { id: 'key-required', title: 'nobody gets in without a key', run: async () => keyRequired(await open()) },
    apiKey === undefined
      ? left('allow-list', 'routes that change or leak are refused', 'no key: set OLLAMA_EKS_API_KEY')
      : { id: 'allow-list', title: 'routes that change or leak are refused', run: async () => allowList(await open()) },
  ];
}

function konnectChecks(context: Context): readonly Check[] {
  const { settings } = context;
  if (settings.get('konnectToken') === undefined && settings.get('konnectConfigToken') === undefined) {
    return [left('payload-logging', 'Kong writes no prompts down', 'no token: set KONNECT_CONFIG_TOKEN')];
  }
  let entities: Promise<Entities> | undefined;
  const open = () => (entities ??= openEntities(context));
  return kongPluginChecks(
    async () => (await open()).list<Plugin & { readonly id: string }>('plugins'),
    async () => (await open()).list<Service & { readonly id: string }>('services'),
  );
}

async function openEntities(context: Context): Promise<Entities> {
  const client = openKonnect(context, 'konnectConfigToken');
  const name = controlPlaneName(context);
  const controlPlane = await findControlPlane(client, name);
  if (controlPlane === undefined) {
    throw new UsageError(`Konnect has no control plane ${JSON.stringify(name)}; name it with --control-plane`);
  }
  return new Entities(client, controlPlane);
}

/** A check that can't be made; it is shown and counted. */
function left(id: string, title: string, why: string): Check {
  return { id, title, run: () => Promise.resolve({ status: 'skipped', detail: why }) };
}
