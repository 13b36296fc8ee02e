import { printFindings, requireOk } from '../checks/findings';
import { Endpoint } from '../endpoint/endpoint';
import { findModels } from '../endpoint/find-models';
import { requestTimeout } from '../endpoint/request-timeout';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { isStructuredFailure } from '../program/exit-codes';
import { findProject } from '../project/project';
import { findTarget, type Target } from '../project/target';
import { Aws, type NodeGroup } from '../systems/aws';
import { openCluster } from '../systems/cluster-access';
import { type CallersPath, findCallersPath, WITHOUT_KONG } from './callers-path';
import type { VerifiedCluster } from './server-checks';
import { verifyEndpoint } from './verify';

/** Options of `verify`. */
export interface VerifyFlags {
  readonly model?: readonly string[];
  readonly tools?: boolean;
  readonly context?: boolean;
  readonly isolation?: boolean;
  /** False with `--no-outside`. */
  readonly outside: boolean;
  /** False with `--no-inside`. */
  readonly inside: boolean;
  /** Seconds. */
  readonly requestTimeout?: number;
}

/** Verifies the endpoint and prints the findings. Throws UsageError, or CommandError with exit code 6 if a check failed. */
export async function runVerify(context: Context, flags: VerifyFlags): Promise<void> {
  requireOutside(flags);
  const requestTimeoutSeconds = requestTimeout(context, flags.requestTimeout);
  const outside = flags.outside ? await findOutside(context, flags) : undefined;
  const endpoint = outside && new Endpoint(context, outside.url, outside.apiKey, requestTimeoutSeconds * 1000);
  const inside = flags.inside ? await findCluster(context) : undefined;
  if (outside === undefined && inside === undefined) {
    throw new UsageError('nothing is left to verify: neither the path of the callers nor the servers', {
      remedy: 'remove --no-outside or --no-inside, or name the cluster with --cluster or the address with --proxy-url',
    });
  }
  const findings = await verifyEndpoint(context, {
    models: await findModels(context, flags.model ?? [], endpoint),
    ...(outside && { outside }),
    ...(inside && { inside }),
    tools: flags.tools === true,
    context: flags.context === true,
    isolation: flags.isolation === true,
    requestTimeoutSeconds,
  });
  printFindings(context, findings);
  requireOk(findings, 'verify');
}

/** Finds the path of the callers, which is verified in a project without Kong only if its address is set; undefined otherwise, with a warning. */
async function findOutside(context: Context, flags: VerifyFlags): Promise<CallersPath | undefined> {
  const path = await findCallersPath(context);
  if (path !== undefined) return path;
  const asked = pathFlags(flags);
  if (asked !== '')
    throw new UsageError(`${asked} must be combined with --proxy-url in a project without Kong`, {
      remedy: WITHOUT_KONG,
    });
  context.reporter.warn(`without Kong, only the servers are verified; for the load balancer: ${WITHOUT_KONG}`);
  return undefined;
}

/** Throws UsageError for checks of the callers' path, if those are skipped. */
function requireOutside(flags: VerifyFlags): void {
  const asked = pathFlags(flags);
  if (flags.outside || asked === '') return;
  throw new UsageError(`${asked} must not be combined with --no-outside: these checks use the path of the callers`, {
    remedy: 'remove one of them',
  });
}

/** Names the flags that ask for checks of the path. */
function pathFlags({ tools, context, isolation }: VerifyFlags): string {
  const asked = Object.entries({ tools, context, isolation }).filter(([, on]) => on === true);
  return asked.map(([name]) => `--${name}`).join(', ');
}

/** Opens the cluster; undefined, with a warning, if none is known: a user of the endpoint may have only its address and a key. */
async function findCluster(context: Context): Promise<VerifiedCluster | undefined> {
  const project = findProject(context);
  if (project === undefined && context.settings.get('clusterName') === undefined) {
    context.reporter.warn('no cluster is named (--cluster), so no server is verified');
    return undefined;
  }
  const target = findTarget(context, project);
  const kubectl = await openCluster(context, target);
  return { kubectl, nodeGroups: () => readNodeGroups(context, target) };
}

/** Reads the node groups; none, with a warning, if that fails: a user of kubectl may have no permission for it. */
function readNodeGroups(context: Context, { clusterName, region }: Target): Promise<readonly NodeGroup[]> {
  return new Aws(context, region).nodeGroups(clusterName).catch((error: unknown) => {
    context.signal.throwIfAborted();
    if (!isStructuredFailure(error)) throw error;
    context.reporter.warn(`a server without a node counts as not ready: ${error.message}`);
    return [];
  });
}
