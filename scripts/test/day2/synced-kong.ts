import type { DeckPlugin, DeckState } from '@org/ollama-eks';

interface Synced {
  readonly id: string;
  readonly tags?: readonly string[];
}

interface Scope {
  readonly id: string;
}

/** Entities of a control plane, as far as `audit` asks for them. */
export interface Entities {
  plugins: (Synced & DeckPlugin & { readonly service?: Scope; readonly route?: Scope })[];
  services: (Synced & { readonly name: string; readonly tls_verify: boolean })[];
  routes: (Synced & { readonly service: Scope })[];
}

/** Entities that Konnect lists after a sync: those of the file, with its tags. */
export function synced({ _info, services = [] }: DeckState): Entities {
  const tags = _info.select_tags;
  const plugins = services.flatMap((service) => [
    ...service.plugins.map((plugin) => ({ ...plugin, service: { id: service.name } })),
    ...service.routes.flatMap((route) =>
      (route.plugins ?? []).map((plugin) => ({ ...plugin, route: { id: route.name } })),
    ),
  ]);
  return {
    plugins: plugins.map((plugin, index) => ({ ...plugin, id: `plugin-${String(index)}`, enabled: true, tags })),
    services: services.map((service) => ({ ...service, id: service.name, tags })),
    routes: services.flatMap((service) =>
      service.routes.map(({ name }) => ({ id: name, service: { id: service.name }, tags })),
    ),
  };
}
