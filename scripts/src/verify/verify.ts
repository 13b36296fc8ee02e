import { apiChecks } from '../checks/api-checks';
import { type Check, type Findings, runChecks, skip } from '../checks/findings';
import { gpuChecks } from '../checks/gpu-checks';
import { gatewayChecks, kongChecks, NO_KEY } from '../checks/kong-checks';
import { meshChecks } from '../checks/mesh-checks';
import { Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import type { Context } from '../program/context';
import type { CallersPath } from './callers-path';
import { contextChecks } from './context-checks';
import { isolationChecks, type Teams } from './isolation-checks';
import { serverChecks, type VerifiedCluster } from './server-checks';
import { toolChecks } from '../checks/tool-checks';

/** What is verified. */
export interface VerifyOptions {
  /** Models that must answer; at least one. */
  readonly models: readonly ServedModel[];
  /**
   * Path of the callers.
   * @default - it is not verified
   */
  readonly outside?: CallersPath;
  /**
   * The cluster.
   * @default - it is not verified
   */
  readonly inside?: VerifiedCluster;
  /**
   * Check that a tool call arrives complete.
   * @default false
   */
  readonly tools?: boolean;
  /**
   * Check that a prompt of the promised length is read in full, and which APIs cut a longer one. Takes as long as the GPU needs to
   * read it.
   * @default false
   */
  readonly context?: boolean;
  /**
   * Check that answers contain nothing of other prompts, and what their time reveals. Sends some 30 short requests.
   * @default false
   */
  readonly isolation?: boolean;
  /** Longest request, in seconds. */
  readonly requestTimeoutSeconds: number;
}

/** Verifies every server, bypassing any ingress, for a project without ingress from Kong. */
export async function verifyServers(
  context: Pick<Context, 'fetch' | 'clock' | 'signal' | 'reporter'>,
  cluster: VerifiedCluster,
  { models, requestTimeoutSeconds }: Pick<VerifyOptions, 'models' | 'requestTimeoutSeconds'>,
): Promise<Findings> {
  return runChecks(context, serverChecks({ models, cluster, context, timeout: requestTimeoutSeconds * 1000 }));
}

/**
 * Verifies the whole path, from outside and from inside the cluster. Returns what it finds instead of throwing; `requireOk`
 * turns the findings into an exit code.
 */
export async function verifyEndpoint(
  context: Pick<Context, 'fetch' | 'clock' | 'signal' | 'reporter'>,
  options: VerifyOptions,
): Promise<Findings> {
  const timeout = options.requestTimeoutSeconds * 1000;
  const checks: Check[] = [];
  if (options.outside !== undefined) {
    const { url, kong, apiKey, secondApiKey = apiKey } = options.outside;
    const endpoint = new Endpoint(context, url, apiKey, timeout);
    const second = new Endpoint(context, url, secondApiKey, timeout);
    const withKey = keyedChecks({ first: endpoint, second, haveOwnKeys: secondApiKey !== apiKey }, options, context);
    checks.push(
      ...(kong ? kongChecks(endpoint, apiKey !== undefined) : gatewayChecks(endpoint)),
      ...(kong && apiKey === undefined ? withKey.map(skip(NO_KEY)) : withKey),
    );
  }
  if (options.inside !== undefined) {
    checks.push(...serverChecks({ models: options.models, cluster: options.inside, context, timeout }));
    checks.push(...meshChecks(options.inside.kubectl, context));
  }
  return runChecks(context, checks);
}

/** Returns the checks that need a key. */
function keyedChecks(
  teams: Teams,
  { models, tools, context: asksContext, isolation }: VerifyOptions,
  { clock }: Pick<Context, 'clock'>,
): readonly Check[] {
  const { first } = teams;
  return [
    ...apiChecks(first, models, clock),
    ...(tools === true ? toolChecks(first, models, clock) : []),
    ...(asksContext === true ? contextChecks(first, models) : []),
    ...(isolation === true ? isolationChecks(teams, models, clock) : []),
    ...gpuChecks(first, models),
  ];
}
