import { Teams } from '../consumers/teams';
import { deckEnvironment } from '../kong/environment';
import { configurationFile } from '../kong/state-file';
import { describeCounts, syncKong, type SyncResult } from '../kong/sync';
import type { ControlPlane, KonnectStart } from '../konnect';
import { openKonnect } from '../konnect/access';
import { Entities } from '../konnect/entities';
import type { Context } from '../program/context';
import type { Done } from '../program/steps';
import type { KongDeployment } from './deployment';
import type { Infrastructure } from './terraform-steps';

/** Largest number of objects that a deployment may delete from Kong's configuration; `kong sync` can delete more. */
const MAX_DELETES = 0;

/** The first team. */
export interface FirstTeam {
  readonly name: string;
  /** Set if the team was created in this run. */
  readonly key?: string;
}

/** Syncs services, routes and plugins from the project's file. */
export async function configure(
  { context, project, exposure, target }: KongDeployment,
  { started, infrastructure }: { readonly started: KonnectStart; readonly infrastructure: Infrastructure },
): Promise<Done<SyncResult>> {
  const file = configurationFile(project.directory, {
    adminRoutes: exposure.adminRoutes,
    requestTimeoutSeconds: target.summary?.requestTimeoutSeconds,
  });
  const environment = await deckEnvironment(context, file.content, infrastructure.project);
  const client = openKonnect(context, 'konnectConfigToken');
  const controlPlane = started.controlPlane.object;
  const result = await syncKong(context, client, { file, environment, controlPlane, maxDeletes: MAX_DELETES });
  return { outcome: result.changes ? describeCounts(result.counts) : 'unchanged', result };
}

/** Ensures that the first team exists, with a key. */
export async function ensureTeam(
  { context, options }: KongDeployment,
  { started }: { readonly started: KonnectStart },
): Promise<Done<FirstTeam>> {
  const { team, key } = await openTeams(context, started.controlPlane.object).ensure(options.team);
  const result = { name: team.name, ...(key === undefined ? {} : { key }) };
  return { outcome: key === undefined ? `team "${team.name}" exists` : `team "${team.name}" created`, result };
}

/** Reads the key of a team from Kong. */
export async function readKey(context: Context, controlPlane: ControlPlane, team: string): Promise<string> {
  const teams = openTeams(context, controlPlane);
  return teams.readKey(await teams.require(team));
}

function openTeams(context: Context, controlPlane: ControlPlane): Teams {
  return new Teams(new Entities(openKonnect(context), controlPlane), (key) => context.masker.add(key));
}
