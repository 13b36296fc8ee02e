import { wrongValue } from './errors';

/** What a team may be called: the name stands in the server's logs and in headers. */
const TEAM_NAME = /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/;

/** Returns the name of a team as it is. Throws UsageError for one that none may have. */
export function teamName(name: string): string {
  if (TEAM_NAME.test(name)) return name;
  throw wrongValue('team', name, 'must be lowercase letters and digits, with ._- in between, at most 64 characters');
}
