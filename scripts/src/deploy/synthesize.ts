// https://developer.hashicorp.com/terraform/cdktf/concepts/cdktf-architecture#context
import { join } from 'node:path';
import { KONG_CONTEXT } from '@org/ollama-eks/pure';
import type { Context } from '../context';
import { UsageError } from '../errors';
import { requireProject } from '../project';
import { readJsonFile } from '../text-file';

/** What Konnect tells only after a first deployment has begun. */
export interface KongFacts {
  /** AWS account that the Kong network runs in. */
  readonly kongProviderAccountId?: string | undefined;
  /** The attachment that Kong has requested. */
  readonly kongAttachmentId?: string | undefined;
}

interface CdktfConfig {
  readonly app?: string;
  readonly output?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Synthesizes the project, with what is known of Kong by then. Runs the `app` of its `cdktf.json`, as CDKTF's own command does. */
export async function synthesize(
  context: Pick<Context, 'runner' | 'reporter'>,
  directory: string,
  clusterName: string | undefined,
  facts: KongFacts = {},
): Promise<void> {
  const path = join(directory, 'cdktf.json');
  requireProject(directory);
  const config = readJsonFile<CdktfConfig>(path);
  if (config.app === undefined) throw new UsageError(`${path} has no "app"`);
  const kong = clusterName === undefined ? {} : { [KONG_CONTEXT]: { [clusterName]: facts } };
  await context.runner.run('sh', ['-c', config.app], {
    cwd: directory,
    env: {
      CDKTF_OUTDIR: config.output ?? 'cdktf.out',
      CDKTF_CONTEXT_JSON: JSON.stringify({ ...config.context, ...kong }),
    },
    onOutput: (text) => context.reporter.detail(text.trimEnd()),
  });
}
