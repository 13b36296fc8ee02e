import type { DeckPlugin, DeckState } from '@org/ollama-eks';

/** Entities of a control plane, as far as `audit` asks for them. */
export interface Entities {
  plugins: (DeckPlugin & { readonly id: string; readonly tags?: readonly string[] })[];
  services: { readonly id: string; readonly name: string; readonly tls_verify: boolean }[];
}

/** What Konnect tells after a sync: every entity of the file, with the tags of the file. */
export function synced({ _info, services = [] }: DeckState): Entities {
  const tags = _info.select_tags;
  const plugins = services.flatMap((service) => [
    ...service.plugins,
    ...service.routes.flatMap((route) => route.plugins ?? []),
  ]);
  return {
    plugins: plugins.map((plugin, index) => ({ ...plugin, id: `plugin-${String(index)}`, enabled: true, tags })),
    services: services.map((service) => ({ ...service, id: service.name, tags })),
  };
}
