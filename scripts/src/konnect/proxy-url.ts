// https://developer.konghq.com/dedicated-cloud-gateways/reference/ (hostnames, health check)
import { NoAnswerError, request } from '../http/request';
import type { Clock, Fetch } from '../program/context';
import type { Configuration, ControlPlane } from './types';

/** Domain of the gateways' public edge. */
const EDGE_DOMAIN = 'gateways.konggateway.com';

/** Health check of a running gateway, without authentication. */
export const GATEWAY_HEALTH_PATH = '/___konnect/healthz';

/** Timeout of a probe in milliseconds. */
const PROBE_TIMEOUT = 10_000;

/** Address of the gateway, and how it was found. */
export interface ProxyUrlFinding {
  readonly url: string;
  /** `hostname`: reported by Konnect; `control-plane`: written to the control plane; `derived`: derived from the control plane's endpoint, and it answers. */
  readonly source: 'hostname' | 'control-plane' | 'derived';
}

/** Whether a gateway answers at an address. */
export type Probe = (url: string) => Promise<boolean>;

/** Finds the address of the gateways. Returns undefined if the user has to provide it. */
export async function findProxyUrl(
  controlPlane: ControlPlane,
  configuration: Configuration | undefined,
  networkId: string | undefined,
  probe: Probe,
): Promise<ProxyUrlFinding | undefined> {
  const groups = [...(configuration?.dataplane_groups ?? [])];
  groups.sort((left, right) => rank(left.cloud_gateway_network_id) - rank(right.cloud_gateway_network_id));
  const [hostname] = groups.flatMap(({ hostnames }) => hostnames ?? []);
  if (hostname !== undefined) return { url: `https://${hostname}`, source: 'hostname' };
  const [proxyUrl] = controlPlane.config.proxy_urls ?? [];
  if (proxyUrl !== undefined) return { url: formatProxyUrl(proxyUrl), source: 'control-plane' };
  const derived = deriveProxyUrl(controlPlane);
  return derived !== undefined && (await probe(derived)) ? { url: derived, source: 'derived' } : undefined;

  function rank(id: string | undefined): number {
    return id === networkId ? 0 : 1;
  }
}

/** Returns a probe for the health of a gateway, which must answer 200 within ten seconds. */
export function healthProbe(fetch: Fetch, clock: Clock, signal?: AbortSignal): Probe {
  return async (url) => {
    try {
      const { status } = await request(
        `${url}${GATEWAY_HEALTH_PATH}`,
        {},
        { fetch, clock, timeout: PROBE_TIMEOUT, signal },
      );
      return status === 200;
    } catch (error) {
      if (error instanceof NoAnswerError) return false;
      throw error;
    }
  };
}

/** Derives the address: the first label of the control plane's endpoint is also that of its gateways. */
function deriveProxyUrl({ config }: ControlPlane): string | undefined {
  const endpoint = config.control_plane_endpoint;
  if (!URL.canParse(endpoint)) return undefined;
  const [label] = new URL(endpoint).hostname.split('.');
  return label === undefined || label === '' ? undefined : `https://${label}.${EDGE_DOMAIN}`;
}

function formatProxyUrl({
  protocol,
  host,
  port,
}: {
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
}): string {
  return new URL(`${protocol}://${host}:${String(port)}`).origin;
}
