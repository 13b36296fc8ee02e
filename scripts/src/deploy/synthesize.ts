// https://developer.hashicorp.com/terraform/cdktf/concepts/cdktf-architecture#context
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { KONG_CONTEXT } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { readJsonFile } from '../program/text-file';
import { ToolError } from '../program/tool-error';
import { outputDirectory, requireProject } from '../project/project';
import { synthFailure } from './synth-failure';

/** Variable by which CDKTF and its programs hand context on. */
const CONTEXT_VARIABLE = 'CDKTF_CONTEXT_JSON';

/** What Konnect tells only after a first deployment has begun. */
export interface KongFacts {
  /** AWS account that the Kong network runs in. */
  readonly kongProviderAccountId?: string | undefined;
  /** The attachment that Kong has requested. */
  readonly kongAttachmentId?: string | undefined;
}

/** What synth is told, and where it writes. */
export interface Synthesis {
  /** What is known of Kong, by cluster. @default - nothing */
  readonly facts?: Readonly<Record<string, KongFacts>>;
  /** Folder that it writes to. @default - that of `cdktf.json` */
  readonly output?: string;
}

interface CdktfConfig {
  readonly app?: string;
  readonly context?: CdktfContext;
}

type CdktfContext = Readonly<Record<string, unknown>>;

/**
 * Synthesizes the project. Runs the `app` of its `cdktf.json`, as CDKTF's own command does. Context that the environment holds beats that of
 * `cdktf.json`; what is known of Kong beats both.
 */
export async function synthesize(
  context: Pick<Context, 'runner' | 'reporter' | 'environment'>,
  directory: string,
  { facts = {}, output = outputDirectory(directory) }: Synthesis = {},
): Promise<void> {
  const path = join(directory, 'cdktf.json');
  requireProject(directory);
  const config = readJsonFile<CdktfConfig>(path);
  if (config.app === undefined) throw new UsageError(`${path} has no "app"`);
  const given = { ...config.context, ...contextOf(context) };
  const { app } = config;
  try {
    await context.runner.run('sh', ['-c', app], {
      cwd: directory,
      env: {
        CDKTF_OUTDIR: output,
        [CONTEXT_VARIABLE]: JSON.stringify({ ...given, ...kongContext(given[KONG_CONTEXT], facts) }),
      },
      onOutput: (text) => context.reporter.detail(text.trimEnd()),
    });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw synthFailure(error, app);
  }
}

/**
 * A folder to synthesize into without changing what is there, for as long as `work` takes. It lies beside that of `cdktf.json`, since the path
 * of a local state is relative to a stack.
 */
export async function withPreview<Result>(
  directory: string,
  work: (output: string) => Promise<Result>,
): Promise<Result> {
  const beside = dirname(resolve(directory, outputDirectory(directory)));
  const output = mkdtempSync(join(beside, '.ollama-eks-preview-'));
  try {
    return await work(output);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** Context of the environment. Throws UsageError for what is none. */
function contextOf({ environment }: Pick<Context, 'environment'>): CdktfContext {
  const text = environment[CONTEXT_VARIABLE];
  if (text === undefined || text.trim() === '') return {};
  const value = parse(text);
  if (isRecord(value)) return value;
  throw new UsageError(`${CONTEXT_VARIABLE} holds no JSON object`, { remedy: 'correct it, or unset it' });
}

/** What is known now, over what was given; what is not known leaves the given alone. */
function kongContext(given: unknown, facts: Readonly<Record<string, KongFacts>>): CdktfContext {
  const clusters = isRecord(given) ? given : {};
  const known = Object.entries(facts).map(([cluster, fact]) => {
    const before = isRecord(clusters[cluster]) ? clusters[cluster] : {};
    const told = Object.entries(fact).filter(([, value]) => value !== undefined);
    return [cluster, { ...before, ...Object.fromEntries(told) }] as const;
  });
  return known.length === 0 ? {} : { [KONG_CONTEXT]: { ...clusters, ...Object.fromEntries(known) } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // said by the caller, without what stood there
  }
}

function isRecord(value: unknown): value is CdktfContext {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
