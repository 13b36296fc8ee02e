import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { print } from '../program/output';
import { readProject } from '../project/project';
import { findTarget } from '../project/target';
import { htmlOf } from './html';
import { reportOf } from './report';
import { sectionsOf } from './sections';
import { MARK, markdownOf, textOf } from './text';

/** Options of `report`. */
export interface ReportFlags {
  readonly markdown?: boolean;
  readonly html?: boolean;
}

/** Prints what a project will create, do and cost, from what synth wrote. */
export function printReport(context: Context, example: string | undefined, { markdown, html }: ReportFlags): void {
  const formats = [context.flags.json, markdown, html].filter(Boolean);
  if (formats.length > 1)
    throw new UsageError('--json, --markdown and --html exclude each other', { remedy: 'choose one' });
  const project = readProject(context, example);
  const { summary, clusterName, region } = findTarget(context, project);
  if (summary === undefined) {
    throw new UsageError('the project creates no cluster', {
      remedy: 'run this in a project with an OllamaGpuCluster',
    });
  }
  const report = reportOf(project, summary);
  const title = `${clusterName} in ${region}, Kubernetes ${summary.kubernetesVersion}`;
  print(context, report, () => {
    const sections = sectionsOf(report);
    if (html === true) return htmlOf(title, sections);
    return markdown === true ? `${MARK}\n\n${markdownOf(title, sections)}` : textOf(title, sections);
  });
}
