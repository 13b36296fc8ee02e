import { UsageError } from '../program/errors';
import type { ServedModel } from '../endpoint/served-model';
import type { ToolFormName } from '../checks/tool-forms';

/** Whom a configuration applies to: this user, everyone who works on the project, or everyone who uses this machine. */
export const SCOPES = ['user', 'project', 'managed'] as const;
export type Scope = (typeof SCOPES)[number];

/** Where a tool reads the key: from the environment, or from the output of a shell command. It is never in a file of the tool. */
export type KeySource = { readonly kind: 'environment' } | { readonly kind: 'command'; readonly command: string };

/** Variable of the key, for tools that can be given its name. */
export const KEY_VARIABLE = 'OLLAMA_EKS_API_KEY';

/** What the configuration of every tool is derived from. */
export interface Connection {
  /** Base URL of the endpoint, without `/v1`. */
  readonly url: string;
  readonly model: ServedModel;
  /** Model for titles, summaries and other background work; absent if `model` does that, too. */
  readonly smallModel?: ServedModel;
  /** Budget of one request, in seconds. */
  readonly requestTimeoutSeconds: number;
  readonly key: KeySource;
}

/** One value in a structured file; undefined removes it. */
export interface Edit {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Returns an edit for each value in an object, so that values that users add next to them are never removed. */
export function editsOf(path: readonly string[], value: object): readonly Edit[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return isObject ? editsOf([...path, key], inner) : [{ path: [...path, key], value: inner }];
  });
}

/** A file of a tool: values to set in it, or the whole text of a file that only we write. */
export type ConfigFile =
  | { readonly path: string; readonly format: 'json' | 'toml'; readonly edits: readonly Edit[] }
  | { readonly path: string; readonly format: 'text'; readonly text: string };

/** A coding tool that can be configured. Each tool is declared in one file. */
export interface Tool {
  /** Its name on the command line. */
  readonly name: string;
  /** Its full name and what is written, for help. */
  readonly description: string;
  /** API that it uses. */
  readonly form: ToolFormName;
  /** Header that carries the id of its session; absent if it sends none. */
  readonly sessionHeader?: string;
  /** Returns what to write. Throws UsageError for a scope or a key source that the tool does not support. */
  readonly configure: (connection: Connection, scope: Scope, places: Places) => ToolConfig;
}

/** What to write for a tool, and how to start it. */
export interface ToolConfig {
  readonly files: readonly ConfigFile[];
  /** Variable that the tool reads the key from; undefined if a command prints the key. */
  readonly keyVariable: string | undefined;
  /** How to start the tool. */
  readonly start: string;
  /** Hints for the user. */
  readonly notes: readonly string[];
}

/** Where the files of the user and of the project are. */
export interface Places {
  readonly home: string;
  readonly project: string;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Folders of a tool's configuration by scope; absent if it reads none. */
export interface Directories {
  readonly user: string;
  readonly project?: string;
  readonly managed?: Partial<Readonly<Record<NodeJS.Platform, string>>>;
}

/** Returns the folder of a scope. Throws UsageError if the tool does not support the scope. */
export function directoryOf(tool: string, scope: Scope, directories: Directories, { platform }: Places): string {
  const directory = scope === 'managed' ? directories.managed?.[platform] : directories[scope];
  if (directory !== undefined) return directory;
  const where = scope === 'managed' ? `the whole machine on ${platform}` : `a ${scope}`;
  throw new UsageError(`${tool} has no configuration for ${where}; use --scope user`);
}

/**
 * Returns the longest answer, in tokens: a quarter of the context, which the answer shares with the prompt, and at most the 32,000 that
 * Claude Code asks for by default.
 * @see https://code.claude.com/docs/en/env-vars (CLAUDE_CODE_MAX_OUTPUT_TOKENS)
 */
export function outputTokens({ contextLength }: ServedModel): number {
  return Math.min(32_000, Math.floor(contextLength / 4));
}
