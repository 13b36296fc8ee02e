import { ExitCode, exitCodeOf } from '../../src/program/exit-codes';
import {
  ensureSystemAccount,
  provisioningRoles,
  readOrganization,
  syncRoles,
  type SystemAccountSpec,
} from '../../src/konnect';
import { FAULT_EFFECTS } from '../../../test/emulators/konnect';
import { clientOf, newRig, thrownBy, type Rig } from './rig';

const CONTROL_PLANE = '0949471e-b759-45ba-87ab-ee63fb781388';

describe('a system account', () => {
  let rig: Rig;
  beforeEach(() => {
    rig = newRig();
  });
  afterEach(() => {
    expect(rig.konnect.contract.misses).toEqual([]);
  });

  const spec = (overrides: Partial<SystemAccountSpec> = {}): SystemAccountSpec => ({
    name: 'ollama-eks-sync',
    description: 'syncs gateway configuration',
    roles: syncRoles('us', CONTROL_PLANE),
    token: { name: 'ci', expiresAt: new Date('2026-06-01T00:00:00Z') },
    ...overrides,
  });

  it('gets its roles and a token, whose secret is returned once and works', async () => {
    const made = await ensureSystemAccount(clientOf(rig), spec());
    expect(made).toMatchObject({
      account: { outcome: 'created' },
      token: { outcome: 'created' },
      roles: { extra: [] },
    });
    expect(made.roles.created).toHaveLength(1);
    const { secret = '' } = made.token;
    expect((await readOrganization(clientOf(rig, { token: secret }))).name).toBe('Example');
    const again = await ensureSystemAccount(clientOf(rig), spec());
    expect(again).toMatchObject({ account: { outcome: 'reused' }, token: { outcome: 'reused' } });
    expect(again.token.secret).toBeUndefined();
    expect(rig.konnect.writes).toHaveLength(3);
    expect(rig.said.join('\n')).not.toContain(secret);
  });

  it('gets a new token when it is asked for, or when the old one has expired', async () => {
    const { token: first } = await ensureSystemAccount(clientOf(rig), spec());
    const { token: second } = await ensureSystemAccount(
      clientOf(rig),
      spec({ token: { ...spec().token, replace: true } }),
    );
    expect(second.outcome).toBe('updated');
    expect(second.secret).not.toBe(first.secret);
    expect(exitCodeOf(await thrownBy(readOrganization(clientOf(rig, { token: first.secret ?? 'x' }))))).toBe(
      ExitCode.notAllowed,
    );
    rig.clock.advance(200 * 24 * 3600 * 1000);
    const later = spec({ token: { name: 'ci', expiresAt: new Date('2027-01-01T00:00:00Z') } });
    expect((await ensureSystemAccount(clientOf(rig), later)).token.outcome).toBe('updated');
  });

  it('keeps additional roles and reports them', async () => {
    await ensureSystemAccount(clientOf(rig), spec({ roles: provisioningRoles('us', CONTROL_PLANE) }));
    const { roles } = await ensureSystemAccount(clientOf(rig), spec());
    expect([roles.created.length, roles.extra.length]).toEqual([1, 5]);
  });

  it('gets a token with its secret although the first answer was lost', async () => {
    const route = '/v3/system-accounts/:id/access-tokens';
    rig.konnect.faults.add({ method: 'POST', route, effect: FAULT_EFFECTS.droppedAfter });
    const { token } = await ensureSystemAccount(clientOf(rig), spec());
    expect(token.secret).toMatch(/^spat_/);
    const [account] = rig.konnect.world.accounts.values();
    expect(account?.tokens.map(({ secret }) => secret)).toEqual([token.secret]);
  });

  it('is not created twice when answers are lost', async () => {
    rig.konnect.faults.add({ method: 'POST', times: 1, effect: FAULT_EFFECTS.droppedAfter });
    rig.konnect.faults.add({
      method: 'POST',
      route: '/v3/system-accounts/:id/assigned-roles',
      effect: FAULT_EFFECTS.gatewayTimeout,
    });
    await ensureSystemAccount(clientOf(rig), spec());
    const [account, ...others] = rig.konnect.world.accounts.values();
    expect([others, account?.roles.length]).toEqual([[], 1]);
  });

  it('is refused a token that would live too long', async () => {
    const error = await thrownBy(
      ensureSystemAccount(clientOf(rig), spec({ token: { name: 'ci', expiresAt: new Date('2030-01-01T00:00:00Z') } })),
    );
    expect(exitCodeOf(error)).toBe(ExitCode.usage);
    expect(String(error)).toMatch(
      /token "ci" of system account "ollama-eks-sync" would expire on 2030.*choose a date no later than 2027-01-01/,
    );
  });
});

describe('roles', () => {
  it('for syncing configuration are limited to one role on one control plane', () => {
    expect(syncRoles('eu', CONTROL_PLANE)).toEqual([
      { role_name: 'Deployer', entity_type_name: 'Control Planes', entity_id: CONTROL_PLANE, entity_region: 'eu' },
    ]);
  });

  it('for provisioning are limited to the control plane once it exists', () => {
    const names = (id?: string) =>
      provisioningRoles('us', id).map(({ role_name, entity_id }) => `${role_name} ${entity_id}`);
    expect(names()).toContain('Admin *');
    expect(names(CONTROL_PLANE)).toEqual([
      'Creator *',
      `Admin ${CONTROL_PLANE}`,
      `Cloud Gateway Cluster Admin ${CONTROL_PLANE}`,
      'Network Creator *',
      'Network Admin *',
    ]);
  });
});
