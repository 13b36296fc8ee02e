import { DEFAULT_REQUEST_TIMEOUT_SECONDS } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';

/** Returns the longest request in seconds: the given value, that of the project's cluster, or the default. */
export function requestTimeout(context: Pick<Context, 'settings' | 'directory'>, given: number | undefined): number {
  if (given !== undefined) return given;
  const project = findProject(context);
  const summary = project === undefined ? undefined : findTarget(context, project).summary;
  return summary?.requestTimeoutSeconds ?? DEFAULT_REQUEST_TIMEOUT_SECONDS;
}
