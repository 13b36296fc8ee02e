import { DEFAULT_REQUEST_TIMEOUT_SECONDS, type ClusterSummary } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';

/** Returns the longest request in seconds: the given value, that of the project's cluster, or the default. */
export function requestTimeout(context: Pick<Context, 'settings' | 'directory'>, given: number | undefined): number {
  if (given !== undefined) return given;
  const project = findProject(context);
  return requestTimeoutOf(project && findTarget(context, project).summary);
}

/** Returns the longest request of a cluster in seconds, or the default if the cluster is not known. */
export function requestTimeoutOf(summary: ClusterSummary | undefined): number {
  return summary?.requestTimeoutSeconds ?? DEFAULT_REQUEST_TIMEOUT_SECONDS;
}
