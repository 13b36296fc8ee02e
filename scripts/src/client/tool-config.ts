import { UsageError } from '../program/errors';
import type { ServedModel } from '../endpoint/served-model';
import type { ToolFormName } from '../checks/tool-forms';

/** Whose configuration: of this person, of everybody who works on the project, or of everybody who uses this machine. */
export const SCOPES = ['user', 'project', 'managed'] as const;
export type Scope = (typeof SCOPES)[number];

/** Where a tool takes the key from, the environment or what a shell command prints; it never stands in a file of the tool. */
export type KeySource = { readonly kind: 'environment' } | { readonly kind: 'command'; readonly command: string };

/** Variable of the key for tools that let one choose its name. */
export const KEY_VARIABLE = 'OLLAMA_EKS_API_KEY';

/** What every tool's configuration is made from. */
export interface Connection {
  /** Base URL of the endpoint, without `/v1`. */
  readonly url: string;
  readonly model: ServedModel;
  /** For titles, summaries and the like; absent where the model does that, too. */
  readonly smallModel?: ServedModel;
  /** Budget of one request, in seconds. */
  readonly requestTimeoutSeconds: number;
  readonly key: KeySource;
}

/** One value in a structured file; undefined takes it out. */
export interface Edit {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** An edit for each value in an object: what somebody adds beside them is not ours to take back. */
export function editsOf(path: readonly string[], value: object): readonly Edit[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return isObject ? editsOf([...path, key], inner) : [{ path: [...path, key], value: inner }];
  });
}

/** A file of a tool: values to set in it, or its whole text where it is ours alone. */
export type ConfigFile =
  | { readonly path: string; readonly format: 'json' | 'toml'; readonly edits: readonly Edit[] }
  | { readonly path: string; readonly format: 'text'; readonly text: string };

/** A coding tool that can be configured. All that is known of it stands in one file. */
export interface Tool {
  /** Its word on the command line. */
  readonly name: string;
  /** Its name, and what is written, for help. */
  readonly description: string;
  /** Form in which it asks a model. */
  readonly form: ToolFormName;
  /** Header in which it names its session; absent where it names none. */
  readonly sessionHeader?: string;
  /** Works out what is to be written. Throws UsageError for a scope, or a source of the key, that the tool does not know. */
  readonly configure: (connection: Connection, scope: Scope, places: Places) => ToolConfig;
}

/** What is to be written for a tool. */
export interface ToolConfig {
  readonly files: readonly ConfigFile[];
  /** Variable in which the tool wants the key; undefined where a command gives it. */
  readonly keyVariable: string | undefined;
  /** How to start. */
  readonly start: string;
  /** Good to know. */
  readonly notes: readonly string[];
}

/** Where a person's and a project's files are. */
export interface Places {
  readonly home: string;
  readonly project: string;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Where a tool keeps its configuration, by scope; absent where it reads none. */
export interface Directories {
  readonly user: string;
  readonly project?: string;
  readonly managed?: Partial<Readonly<Record<NodeJS.Platform, string>>>;
}

/** The directory of a scope. Throws UsageError where the tool reads no configuration of that scope. */
export function directoryOf(tool: string, scope: Scope, directories: Directories, { platform }: Places): string {
  const directory = scope === 'managed' ? directories.managed?.[platform] : directories[scope];
  if (directory !== undefined) return directory;
  const where = scope === 'managed' ? `the whole machine on ${platform}` : `a ${scope}`;
  throw new UsageError(`${tool} reads no configuration of ${where}; use --scope user`);
}

/**
 * Tokens that a tool may ask for in one answer: an answer has its room in the same context as the prompt, so a quarter of it, and no more
 * than the 32 000 that Claude Code asks for by itself.
 * @see https://code.claude.com/docs/en/env-vars (CLAUDE_CODE_MAX_OUTPUT_TOKENS)
 */
export function outputTokens({ contextLength }: ServedModel): number {
  return Math.min(32_000, Math.floor(contextLength / 4));
}
