import type { GroupSpec } from '../program/command';

/** `models`: models in the registry and on the servers. */
export const models: GroupSpec = {
  name: 'models',
  summary: 'Models in the registry and on the servers',
  get commands() {
    return (require('./models-commands') as typeof import('./models-commands')).MODELS_COMMANDS;
  },
};
