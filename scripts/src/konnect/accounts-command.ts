// https://developer.konghq.com/konnect-platform/system-accounts/
import type { Context } from '../program/context';
import { print, printSecret, table } from '../program/output';
import { openKonnect } from './access';
import {
  ensureSystemAccount,
  findControlPlane,
  provisioningRoles,
  syncRoles,
  type SystemAccountResult,
  type SystemAccountSpec,
} from './index';
import { controlPlaneName } from './names';

export interface AccountsOptions {
  /** Lifetime of a token in days. */
  readonly days: number;
  /** Replaces tokens whose secrets are lost. */
  readonly replace?: boolean;
}

const DAY = 24 * 3600 * 1000;

/** `konnect accounts`: two system accounts with the least privileges that they need, one for provisioning and one for syncing configuration. */
export async function konnectAccounts(context: Context, options: AccountsOptions): Promise<void> {
  const client = openKonnect(context);
  const name = controlPlaneName(context);
  const controlPlane = await findControlPlane(client, name);
  const specs = accountSpecs(context, options, client.geo, { id: controlPlane?.id, name });
  if (context.flags.dryRun) {
    print(context, { wouldCreate: specs }, () => describeSpecs(specs));
    return;
  }
  const results: CreatedAccount[] = [];
  try {
    for (const { variable, ...spec } of specs) {
      const result = await ensureSystemAccount(client, spec);
      if (result.token.secret !== undefined) context.masker.add(result.token.secret);
      results.push({ ...result, variable });
    }
  } finally {
    if (results.length > 0) printSecret(context, { accounts: results }, () => results.map(describeResult).join('\n'));
  }
  if (controlPlane === undefined) {
    context.reporter.note(
      `control plane "${name}" does not exist yet: run this command again once it does, to create the account that syncs its configuration`,
    );
  }
}

/** An account to create. */
export interface PlannedAccount extends SystemAccountSpec {
  /** Variable for its token. */
  readonly variable: string;
}

/** An account that exists now. */
export interface CreatedAccount extends SystemAccountResult {
  /** Variable for its token. */
  readonly variable: string;
}

function accountSpecs(
  { clock }: Context,
  { days, replace = false }: AccountsOptions,
  geo: Parameters<typeof provisioningRoles>[0],
  { id: controlPlaneId, name: controlPlane }: { readonly id: string | undefined; readonly name: string },
): PlannedAccount[] {
  const expiresAt = new Date(clock.now() + days * DAY - 60_000);
  const token = { name: 'ollama-eks', expiresAt, replace };
  return [
    {
      variable: 'KONNECT_TOKEN',
      name: `ollama-eks-provisioning-${controlPlane}`,
      description: `ollama-eks: control plane ${controlPlane}, network, gateways and attachment`,
      roles: provisioningRoles(geo, controlPlaneId),
      token,
    },
    ...(controlPlaneId === undefined
      ? []
      : [
          {
            variable: 'KONNECT_CONFIG_TOKEN',
            name: `ollama-eks-configuration-${controlPlane}`,
            description: `ollama-eks: sync of services, routes and plugins of ${controlPlane}`,
            roles: syncRoles(geo, controlPlaneId),
            token,
          },
        ]),
  ];
}

function describeSpecs(specs: readonly PlannedAccount[]): string {
  return table(
    ['account', 'role', 'on'],
    specs.flatMap(({ name, roles }) =>
      roles.map(({ role_name, entity_type_name, entity_id }) => [name, role_name, `${entity_type_name} ${entity_id}`]),
    ),
  );
}

function describeResult({ variable, account, token }: CreatedAccount): string {
  const { name } = account.object;
  if (token.secret === undefined) {
    return `# ${name}: its token was shown when it was created; --replace creates another`;
  }
  return `# ${name}, valid until ${token.expiresAt}; shown only once\n${variable}=${token.secret}`;
}
