import type { Context } from '../program/context';
import { CommandError } from '../program/exit-codes';
import { print } from '../program/output';
import { readProject } from '../project/project';
import { findTarget } from '../project/target';
import { StatusReader } from './read-status';
import type { StatusResult } from './status-result';
import { statusText } from './status-text';

/** Prints everything about a deployment on one screen. A section that cannot be read shows its error, which sets the exit code. */
export async function status(context: Context, example: string | undefined): Promise<void> {
  const project = readProject(context, example);
  const found = await new StatusReader(context, project, findTarget(context, project)).read();
  print(context, found, () => statusText(found));
  requireRead(found);
}

/** Throws CommandError with the exit code of the first section that could not be read. */
export function requireRead({ unread }: StatusResult): void {
  const [first] = unread;
  if (first === undefined) return;
  const names = unread.map(({ section }) => section).join(', ');
  throw new CommandError(first.exitCode, `could not be read: ${names}`);
}
