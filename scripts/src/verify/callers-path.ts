import { findEndpoint } from '../endpoint/find-endpoint';
import type { Context } from '../program/context';
import { isInternal } from '../project/kong-exposure';
import { findProject } from '../project/project';

/** The path of the callers. */
export interface CallersPath {
  readonly url: string;
  /** Whether it leads through Kong, which requires a key. */
  readonly kong: boolean;
  readonly apiKey: string | undefined;
  /** Key of another team; absent if none is set. */
  readonly secondApiKey?: string;
}

/** How to reach the load balancer of a project without Kong. */
export const WITHOUT_KONG =
  'run this where its callers are, with --proxy-url set to https:// and the output load_balancer_dns_name of Terraform, and NODE_EXTRA_CA_CERTS to a file with its output gateway_ca_certificate';

/** Finds the path of the callers. Without Kong, only callers in the network of the load balancer reach it: undefined if its address is not set. */
export async function findCallersPath(context: Context): Promise<CallersPath | undefined> {
  const { settings } = context;
  const [apiKey, secondApiKey] = [settings.get('apiKey'), settings.get('secondApiKey')];
  const project = findProject(context);
  if (project === undefined || !isInternal(project)) {
    return {
      url: await findEndpoint(context),
      kong: true,
      apiKey,
      ...(secondApiKey !== undefined && { secondApiKey }),
    };
  }
  const url = settings.get('proxyUrl');
  return url === undefined ? undefined : { url, kong: false, apiKey: undefined };
}
