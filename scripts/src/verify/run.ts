import { printFindings, requireOk } from '../checks/findings';
import { Endpoint } from '../endpoint/endpoint';
import { findEndpoint } from '../endpoint/find-endpoint';
import { findModels } from '../endpoint/find-models';
import { requestTimeout } from '../endpoint/request-timeout';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import { openCluster } from '../systems/cluster-access';
import type { Kubectl } from '../systems/kubectl';
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
  const outside = flags.outside
    ? {
        url: await findEndpoint(context),
        apiKey: context.settings.get('apiKey'),
        secondApiKey: context.settings.get('secondApiKey'),
      }
    : undefined;
  const endpoint = outside && new Endpoint(context, outside.url, outside.apiKey, requestTimeoutSeconds * 1000);
  const inside = flags.inside ? await findCluster(context) : undefined;
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

/** Throws UsageError for checks that go through Kong, if those are skipped. */
function requireOutside({ outside, tools, context, isolation }: VerifyFlags): void {
  if (outside) return;
  const asked = Object.entries({ tools, context, isolation }).filter(([, on]) => on === true);
  if (asked.length === 0) return;
  const names = asked.map(([name]) => `--${name}`).join(', ');
  throw new UsageError(`${names} must not be combined with --no-outside: these checks go through Kong`, {
    remedy: 'remove one of them',
  });
}

/** Opens the cluster; undefined, with a warning, if none is known: a user of the endpoint may have only its address and a key. */
async function findCluster(context: Context): Promise<Kubectl | undefined> {
  const project = findProject(context);
  if (project === undefined && context.settings.get('clusterName') === undefined) {
    context.reporter.warn('no cluster is named (--cluster), so only the path through Kong is verified');
    return undefined;
  }
  return openCluster(context, findTarget(context, project));
}
