// https://developer.konghq.com/api/konnect/cloud-gateways/v2/#/operations/list-provider-accounts
import { UsageError } from '../program/errors';
import type { KonnectClient } from './konnect-client';
import type { ProviderAccount } from './types';

/**
 * Returns the AWS account of Kong that runs the gateways of this organization. Its number is the principal of the RAM share.
 *
 * @param wanted the twelve digits, or the ID in Konnect; required only if there are several
 * @throws CommandError (exit code 2) if there is none, or if there are several and none was chosen
 */
export async function findProviderAccount(client: KonnectClient, wanted?: string): Promise<ProviderAccount> {
  const all = await client.list<ProviderAccount>({
    doing: 'list provider accounts',
    host: 'global',
    path: '/v2/cloud-gateways/provider-accounts',
    query: { 'filter[provider][eq]': 'aws' },
  });
  const accounts = all.filter(({ provider }) => provider === 'aws');
  const matching =
    wanted === undefined
      ? accounts
      : accounts.filter(({ id, provider_account_id }) => [id, provider_account_id].includes(wanted));
  const [account, ...others] = matching;
  if (account !== undefined && others.length === 0) return account;
  const list = accounts.map(({ id, provider_account_id }) => `${provider_account_id} (${id})`).join(', ');
  if (accounts.length === 0) {
    throw new UsageError('this organization has no AWS provider account', {
      remedy: 'ask Kong to enable Dedicated Cloud Gateways',
    });
  }
  throw wanted === undefined
    ? new UsageError(`there are ${String(accounts.length)} AWS provider accounts: ${list}`, {
        remedy: 'choose one (KONNECT_PROVIDER_ACCOUNT)',
      })
    : new UsageError(`provider account ${JSON.stringify(wanted)} does not belong to this organization`, {
        allowed: list,
        remedy: 'correct KONNECT_PROVIDER_ACCOUNT',
      });
}
