// https://developer.konghq.com/gateway/entities/plugin/#scoping-plugins
import { KONG_CONFIG_TAG } from '@org/ollama-eks/pure';
import type { Entities, Entity, PluginEntity } from '../konnect/entities';

interface RouteEntity extends Entity {
  readonly service?: { readonly id: string } | null;
}

/**
 * Lists the plugins that prompts and answers pass, ours or not: those of our services, of every route to them, and those that apply to all.
 * Plugins of other services and routes are left out, since others may use the control plane, too.
 */
export async function pathPlugins(entities: Entities): Promise<readonly PluginEntity[]> {
  const services = idsOf(await entities.list('services', KONG_CONFIG_TAG));
  const routes = idsOf(
    (await entities.list<RouteEntity>('routes')).filter(({ service }) => applies(service, services)),
  );
  const plugins = await entities.list<PluginEntity>('plugins');
  return plugins.filter(({ service, route }) => applies(service, services) && applies(route, routes));
}

function idsOf(entities: readonly Entity[]): ReadonlySet<string> {
  return new Set(entities.map(({ id }) => id));
}

/** Whether a scope is one of ours, or absent: a plugin without a service applies to all, and so does a route. */
function applies(scope: { readonly id: string } | null | undefined, ours: ReadonlySet<string>): boolean {
  return scope === undefined || scope === null || ours.has(scope.id);
}
