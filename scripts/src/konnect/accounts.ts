// https://developer.konghq.com/konnect-platform/system-accounts/ and /api/konnect/identity/v3/
import { UsageError } from '../program/errors';
import { createOnce, deleteIfExists, onlyOne } from './ensure';
import { path, requireList, type KonnectClient } from './konnect-client';
import type { AccessToken, AssignedRole, CreatedAccessToken, Ensured, Geo, Outcome, SystemAccount } from './types';

const ACCOUNTS = '/v3/system-accounts';

/** Twelve months. @see https://developer.konghq.com/konnect-platform/system-accounts/ */
const LONGEST_LIFE = 365 * 24 * 3600 * 1000;

/** All objects of a type, as Kong's Terraform provider writes it, although the specification calls the field a UUID. */
const ANY = '*';

/** A role on one object, or on all objects of a type. */
export type RoleSpec = Omit<AssignedRole, 'id'>;

/** A system account with its roles and token. */
export interface SystemAccountSpec {
  readonly name: string;
  readonly description: string;
  readonly roles: readonly RoleSpec[];
  readonly token: TokenSpec;
}

export interface TokenSpec {
  readonly name: string;
  /** At most twelve months ahead. */
  readonly expiresAt: Date;
  /** Replaces an existing token of that name, whose secret was shown only once. @default false */
  readonly replace?: boolean;
}

export interface SystemAccountResult {
  readonly account: Ensured<SystemAccount>;
  readonly roles: {
    readonly created: readonly RoleSpec[];
    readonly reused: readonly RoleSpec[];
    readonly extra: readonly AssignedRole[];
  };
  /** `secret` is set only for a new token. It must be shown once and stored nowhere. */
  readonly token: {
    readonly id: string;
    readonly outcome: Outcome;
    readonly expiresAt: string;
    readonly secret?: string;
  };
}

/** Returns the roles to create, change, and delete the control plane, the network, the gateways, and everything attached to them. For people, not for CI. */
export function provisioningRoles(geo: Geo, controlPlaneId?: string): RoleSpec[] {
  const onControlPlane = (role_name: string): RoleSpec => ({
    role_name,
    entity_type_name: 'Control Planes',
    entity_id: controlPlaneId ?? ANY,
    entity_region: geo,
  });
  const onNetworks = (role_name: string): RoleSpec => ({
    role_name,
    entity_type_name: 'Networks',
    entity_id: ANY,
    entity_region: ANY,
  });
  return [
    { role_name: 'Creator', entity_type_name: 'Control Planes', entity_id: ANY, entity_region: geo },
    onControlPlane('Admin'),
    onControlPlane('Cloud Gateway Cluster Admin'),
    onNetworks('Network Creator'),
    onNetworks('Network Admin'),
  ];
}

/** Returns the only role that syncing configuration needs, on this control plane only. */
export function syncRoles(geo: Geo, controlPlaneId: string): RoleSpec[] {
  return [{ role_name: 'Deployer', entity_type_name: 'Control Planes', entity_id: controlPlaneId, entity_region: geo }];
}

/**
 * Ensures that the account exists and has the roles and a token. Additional roles are reported, not removed.
 * Throws CommandError (exit code 2) for a token that would live longer than Konnect allows.
 */
export async function ensureSystemAccount(
  client: KonnectClient,
  spec: SystemAccountSpec,
): Promise<SystemAccountResult> {
  assertLife(client, spec);
  const account = await ensureAccount(client, spec);
  const roles = await ensureRoles(client, account.object, spec.roles);
  const token = await ensureToken(client, account.object, spec.token);
  const { id, name } = account.object; // Konnect's own object has more fields
  return { account: { ...account, object: { id, name } }, roles, token };
}

function assertLife(client: KonnectClient, { name, token }: SystemAccountSpec): void {
  const now = client.clock.now();
  const expiresAt = token.expiresAt.getTime();
  if (expiresAt > now && expiresAt <= now + LONGEST_LIFE) return;
  throw new UsageError(
    `token "${token.name}" of system account "${name}" would expire on ${token.expiresAt.toISOString()}`,
    { remedy: `choose a date no later than ${new Date(now + LONGEST_LIFE).toISOString().slice(0, 10)}` },
  );
}

async function ensureAccount(
  client: KonnectClient,
  { name, description }: SystemAccountSpec,
): Promise<Ensured<SystemAccount>> {
  const subject = `system account "${name}"`;
  const find = async () => {
    const found = await client.list<SystemAccount>({
      doing: `look up ${subject}`,
      host: 'global',
      path: ACCOUNTS,
      query: { 'filter[name][eq]': name },
    });
    return onlyOne(
      subject,
      found.filter((account) => account.name === name),
    );
  };
  const existing = await find();
  if (existing !== undefined) return { id: existing.id, outcome: 'reused', object: existing };
  const create = () =>
    client.send<SystemAccount>({
      doing: `create ${subject}`,
      method: 'POST',
      host: 'global',
      path: ACCOUNTS,
      expects: ['id'],
      body: { name, description },
    });
  const object = await createOnce(client, { find, create });
  return { id: object.id, outcome: 'created', object };
}

async function ensureRoles(
  client: KonnectClient,
  { id, name }: SystemAccount,
  wanted: readonly RoleSpec[],
): Promise<SystemAccountResult['roles']> {
  const list = () => listRoles(client, { id, name });
  const before = await list();
  const created: RoleSpec[] = [];
  for (const role of wanted) {
    if (before.some((other) => isSameRole(other, role))) continue;
    const find = async () => (await list()).find((other) => isSameRole(other, role));
    const create = () =>
      client.send<AssignedRole>({
        doing: `give system account "${name}" the role ${role.role_name} on ${role.entity_type_name}`,
        method: 'POST',
        host: 'global',
        path: path`/v3/system-accounts/${id}/assigned-roles`,
        body: role,
      });
    await createOnce(client, { find, create });
    created.push(role);
  }
  return {
    created,
    reused: wanted.filter((role) => !created.includes(role)),
    extra: before.filter((other) => !wanted.some((role) => isSameRole(other, role))),
  };
}

/** Lists the roles, which Konnect does not paginate. */
async function listRoles(client: KonnectClient, { id, name }: SystemAccount): Promise<readonly AssignedRole[]> {
  const doing = `list roles of system account "${name}"`;
  const { data } = await client.send<{ readonly data: readonly AssignedRole[] }>({
    doing,
    method: 'GET',
    host: 'global',
    path: path`/v3/system-accounts/${id}/assigned-roles`,
    expects: ['data'],
  });
  requireList(doing, data);
  return data;
}

function isSameRole(left: RoleSpec, right: RoleSpec): boolean {
  return (
    left.role_name === right.role_name &&
    left.entity_type_name === right.entity_type_name &&
    left.entity_id === right.entity_id &&
    left.entity_region === right.entity_region
  );
}

/** Ensures a token. If the answer to its creation is lost, deletes the token and creates another, since nobody has its secret. */
async function ensureToken(
  client: KonnectClient,
  account: SystemAccount,
  spec: TokenSpec,
): Promise<SystemAccountResult['token']> {
  const existing = await findToken(client, account, spec.name);
  const expired = existing !== undefined && Date.parse(existing.expires_at) <= client.clock.now();
  if (existing !== undefined && spec.replace !== true && !expired) {
    return { id: existing.id, outcome: 'reused', expiresAt: existing.expires_at };
  }
  if (existing !== undefined) await deleteToken(client, account, existing);
  const find = async (): Promise<undefined> => {
    const lost = await findToken(client, account, spec.name);
    if (lost !== undefined) await deleteToken(client, account, lost);
    return undefined;
  };
  const create = () =>
    client.send<CreatedAccessToken>({
      doing: `create token "${spec.name}" of system account "${account.name}"`,
      method: 'POST',
      host: 'global',
      path: path`/v3/system-accounts/${account.id}/access-tokens`,
      expects: ['id', 'token'],
      body: { name: spec.name, expires_at: spec.expiresAt.toISOString() },
    });
  const onTaken = () => Promise.resolve(); // `find` has just deleted the token that had the name
  const { id, expires_at, token } = await createOnce(client, { find, create, onTaken });
  return { id, outcome: existing === undefined ? 'created' : 'updated', expiresAt: expires_at, secret: token };
}

async function findToken(
  client: KonnectClient,
  { id, name }: SystemAccount,
  tokenName: string,
): Promise<AccessToken | undefined> {
  const found = await client.list<AccessToken>({
    doing: `look up token "${tokenName}" of system account "${name}"`,
    host: 'global',
    path: path`/v3/system-accounts/${id}/access-tokens`,
    query: { 'filter[name][eq]': tokenName },
  });
  return found.find((token) => token.name === tokenName);
}

function deleteToken(client: KonnectClient, { id, name }: SystemAccount, token: AccessToken): Promise<void> {
  return deleteIfExists(client, {
    doing: `delete token "${token.name}" of system account "${name}"`,
    host: 'global',
    path: path`/v3/system-accounts/${id}/access-tokens/${token.id}`,
  });
}
