// https://developer.konghq.com/api/konnect/cloud-gateways/v2/#/operations/list-resource-quotas
import type { KonnectClient } from './konnect-client';
import type { DefaultResourceQuota, Network, ResourceQuota } from './types';

/** Networks that are provisioned or being provisioned. */
const NETWORKS = 'count/networks.not-offline';

/** Use and limit of a quota. */
export interface QuotaUse {
  readonly used: number;
  /** Undefined if Konnect does not report a limit. */
  readonly limit: number | undefined;
}

/** Returns how many networks the organization has, and may have. */
export async function readNetworkQuota(client: KonnectClient): Promise<QuotaUse> {
  const networks = await client.list<Network>({
    doing: 'count networks',
    host: 'global',
    path: '/v2/cloud-gateways/networks',
  });
  const used = networks.filter(({ state }) => state !== 'offline' && state !== 'terminated').length;
  const own = await client.list<ResourceQuota & { id: string }>({
    doing: 'list quotas',
    host: 'global',
    path: '/v2/cloud-gateways/resource-quotas',
  });
  const limit = own.find(({ resource }) => resource === NETWORKS)?.value;
  if (limit !== undefined) return { used, limit };
  const defaults = await client.list<DefaultResourceQuota & { id: string }>({
    doing: 'list default quotas',
    host: 'global',
    path: '/v2/cloud-gateways/default-resource-quotas',
  });
  return { used, limit: defaults.find(({ resource }) => resource === NETWORKS)?.value };
}
