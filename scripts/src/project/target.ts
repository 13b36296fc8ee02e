import type { ClusterSummary } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import type { Project } from './project';

/** The cluster that a command is about. */
export interface Target {
  readonly clusterName: string;
  readonly region: string;
  /** Undefined where another program made the cluster. */
  readonly summary: ClusterSummary | undefined;
}

/** The cluster of the settings, or else the only one of the project. Throws UsageError where that leaves none, or several. */
export function findTarget(context: Pick<Context, 'settings'>, project: Project | undefined): Target {
  const all = project?.stacks.flatMap(({ clusters }) => clusters) ?? [];
  const name = context.settings.get('clusterName');
  const found = all.filter(({ clusterName }) => name === undefined || clusterName === name);
  if (found.length > 1) {
    throw new UsageError(
      `which cluster? name one with --cluster: ${found.map(({ clusterName }) => clusterName).join(', ')}`,
    );
  }
  const [summary] = found;
  return {
    clusterName: summary?.clusterName ?? context.settings.require('clusterName'),
    region: context.settings.get('awsRegion') ?? summary?.region ?? context.settings.require('awsRegion'),
    summary,
  };
}
