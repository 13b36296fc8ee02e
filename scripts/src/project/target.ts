import type { ClusterSummary } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import type { Project } from './project';

/** The cluster that a command works on. */
export interface Target {
  readonly clusterName: string;
  readonly region: string;
  /** Undefined if the cluster was created by another program. */
  readonly summary: ClusterSummary | undefined;
}

/** Finds the cluster of the settings, or the only one of the project. Throws UsageError if there is none or several. */
export function findTarget(context: Pick<Context, 'settings'>, project: Project | undefined): Target {
  const all = project?.stacks.flatMap(({ clusters }) => clusters) ?? [];
  const name = context.settings.get('clusterName');
  const found = all.filter(({ clusterName }) => name === undefined || clusterName === name);
  if (found.length > 1) {
    throw new UsageError('the project has several clusters', {
      allowed: found.map(({ clusterName }) => clusterName).join(', '),
      remedy: 'name one with --cluster',
    });
  }
  const [summary] = found;
  return {
    clusterName: summary?.clusterName ?? context.settings.require('clusterName'),
    region: context.settings.get('awsRegion') ?? summary?.region ?? context.settings.require('awsRegion'),
    summary,
  };
}
