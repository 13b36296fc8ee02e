import type { GroupSpec } from '../program/command';

/** `client`: coding tools that use the endpoint. */
export const client: GroupSpec = {
  name: 'client',
  summary: 'Configure a coding tool for the endpoint, and undo it',
  get commands() {
    return (require('./client-commands') as typeof import('./client-commands')).CLIENT_COMMANDS;
  },
};
