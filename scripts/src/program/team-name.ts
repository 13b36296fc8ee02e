import { wrongValue } from './errors';

/** Form of a team name, which appears in the server's logs and in headers. */
const TEAM_NAME = /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/;

/** Returns a valid team name unchanged. Throws UsageError for an invalid one. */
export function teamName(name: string): string {
  if (TEAM_NAME.test(name)) return name;
  throw wrongValue('team', name, 'must be the name of a team', {
    allowed: 'at most 64 lowercase letters and digits, with ._- in between',
    remedy: 'choose another name',
  });
}
