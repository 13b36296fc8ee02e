// https://developer.hashicorp.com/terraform/cdktf/concepts/cdktf-architecture#context
import { join } from 'node:path';
import { DEFERRED_NODES_CONTEXT, KONG_CONTEXT } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { parse } from '../program/json';
import { readJsonFile } from '../program/text-file';
import { ToolError } from '../program/tool-error';
import { isObject } from '../program/value-path';
import type { KongFacts } from '../project/kong-context';
import { outputDirectory, requireProject } from '../project/project';
import { synthFailure } from './synth-failure';

/** Variable that passes context from CDKTF to its programs. */
const CONTEXT_VARIABLE = 'CDKTF_CONTEXT_JSON';

/** What synth needs to know, and where it writes. */
export interface Synthesis {
  /** What is known about Kong, by cluster. @default - nothing */
  readonly facts?: Readonly<Record<string, KongFacts>>;
  /** Clusters whose GPU node groups are created without nodes. @default - none */
  readonly deferredNodes?: readonly string[];
  /** Folder that it writes to. @default - the output folder of `cdktf.json` */
  readonly output?: string;
}

interface CdktfConfig {
  readonly app?: string;
  readonly context?: CdktfContext;
}

type CdktfContext = Readonly<Record<string, unknown>>;

/**
 * Synthesizes the project. Runs the `app` of its `cdktf.json`, as CDKTF's own command does. Context of the environment overrides that of
 * `cdktf.json`; what is known about Kong overrides both.
 */
export async function synthesize(
  context: Pick<Context, 'runner' | 'reporter' | 'environment'>,
  directory: string,
  { facts = {}, deferredNodes = [], output = outputDirectory(directory) }: Synthesis = {},
): Promise<void> {
  const path = join(directory, 'cdktf.json');
  requireProject(directory);
  const config = readJsonFile<CdktfConfig>(path);
  if (config.app === undefined)
    throw new UsageError(`${path} has no "app"`, { remedy: 'set it to the command that runs the program' });
  const given = { ...config.context, ...contextOf(context) };
  const { app } = config;
  const written: string[] = [];
  try {
    await context.runner.run('sh', ['-c', app], {
      cwd: directory,
      env: {
        CDKTF_OUTDIR: output,
        [CONTEXT_VARIABLE]: JSON.stringify({
          ...given,
          ...kongContext(given[KONG_CONTEXT], facts),
          ...(deferredNodes.length > 0 && { [DEFERRED_NODES_CONTEXT]: deferredNodes }),
        }),
      },
      onOutput: (text) => {
        written.push(text);
        context.reporter.detail(text.trimEnd());
      },
    });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw synthFailure(error, app, written.join(''));
  }
}

/** Reads the context of the environment. Throws UsageError if it is not a JSON object. */
function contextOf({ environment }: Pick<Context, 'environment'>): CdktfContext {
  const text = environment[CONTEXT_VARIABLE];
  if (text === undefined || text.trim() === '') return {};
  const value = parse<unknown>(text);
  if (isObject(value)) return value;
  throw new UsageError(`${CONTEXT_VARIABLE} must be a JSON object`, { remedy: 'correct it, or unset it' });
}

/** Returns the given context with what is known about Kong now: an attachment that no longer exists is dropped. */
function kongContext(given: unknown, facts: Readonly<Record<string, KongFacts>>): CdktfContext {
  const clusters = isObject(given) ? given : {};
  const known = Object.entries(facts).map(([cluster, fact]) => {
    const before = isObject(clusters[cluster]) ? clusters[cluster] : {};
    return [cluster, { ...before, ...fact }] as const;
  });
  return known.length === 0 ? {} : { [KONG_CONTEXT]: { ...clusters, ...Object.fromEntries(known) } };
}
