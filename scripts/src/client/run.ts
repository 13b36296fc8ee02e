import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { baseUrl } from '../http/base-url';
import { print, table } from '../program/output';
import { projectDirectory } from '../project/project';
import { Endpoint } from '../endpoint/endpoint';
import { findEndpoint } from '../endpoint/find-endpoint';
import { findModels } from '../endpoint/find-models';
import { requestTimeout } from '../endpoint/request-timeout';
import { plan, undo, write } from './apply';
import { checkTool } from './check';
import { claudeVariables } from './claude';
import { copilotVariables } from './copilot';
import { Journal } from './journal';
import { stateOf } from './restore';
import { smallModel } from './small-model';
import { KEY_VARIABLE, type Connection, type Places, type Scope, type Tool } from './tool-config';
import { TOOLS } from './tools';
import { isBelow, readUserFile } from './user-file';

/** Variables that tools read the key from. */
const KEY_VARIABLES = ['ANTHROPIC_AUTH_TOKEN', 'COPILOT_PROVIDER_API_KEY', 'OPENAI_API_KEY'];

/** Options of the commands that write or print a configuration. */
export interface ClientFlags {
  readonly scope?: Scope;
  readonly model?: string;
  readonly smallModel?: string;
  /** Shell command that prints the key. */
  readonly keyCommand?: string;
  /** Seconds. */
  readonly requestTimeout?: number;
}

/** Writes the configuration of a tool, or prints it in a dry run. */
export async function configureTool(context: Context, tool: Tool, flags: ClientFlags): Promise<void> {
  const { scope = 'user' } = flags;
  const places = placesOf(context);
  const connection = await connect(context, flags);
  const { files, keyVariable, start, notes } = tool.configure(connection, scope, places);
  const journal = new Journal(places);
  const plans = files.map((file) => plan(file, journal, { tool, scope, connection }));
  if (!context.flags.dryRun) plans.forEach((planned) => write(planned, journal));
  const written = plans.map((planned) => ({
    file: planned.entry.file,
    action: context.flags.dryRun ? 'would write' : planned.unchanged ? 'unchanged' : 'wrote',
    values: planned.entry.changes.map(({ path, after }) => ({ path: path.join('.'), value: after })),
    text: planned.text.trimEnd(),
  }));
  const result = {
    tool: tool.name,
    scope,
    files: written.map(({ file, action, values }) => ({ file, action, values })),
    url: connection.url,
    model: connection.model.alias,
    keyVariable,
    start,
    notes,
  };
  print(context, result, () =>
    [
      ...written.flatMap(({ file, action, text }) => [
        `${action} ${file}`,
        ...(context.flags.dryRun ? ['', text, ''] : []),
      ]),
      ...exportsOf(keyVariable).map((line) => `key:   ${line}`),
      `start: ${start}`,
      ...notes.map((note) => `note:  ${note}`),
      `undo:  ollama-eks client off ${tool.name}`,
    ].join('\n'),
  );
}

/** Returns the lines for a shell that pass the key to a tool. */
function exportsOf(keyVariable: string | undefined): readonly string[] {
  if (keyVariable === undefined) return [];
  return [keyVariable === KEY_VARIABLE ? `export ${KEY_VARIABLE}=…` : `export ${keyVariable}="$${KEY_VARIABLE}"`];
}

/** Prints variables for a shell: `eval "$(ollama-eks client env)"`. It refers to the key by its variable. */
export async function printEnvironment(context: Context, flags: ClientFlags): Promise<void> {
  const connection = await connect(context, flags);
  const variables = {
    ...claudeVariables(connection),
    ...copilotVariables(connection),
    OPENAI_BASE_URL: `${connection.url}/v1`,
  };
  const keys = Object.fromEntries(KEY_VARIABLES.map((name) => [name, `$${KEY_VARIABLE}`]));
  print(context, { ...variables, ...keys }, () =>
    [
      ...Object.entries(variables).map(
        ([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
      ),
      'unset ANTHROPIC_API_KEY',
      ...Object.entries(keys).map(([name, value]) => `export ${name}="${value}"`),
    ].join('\n'),
  );
}

/** Options of `client off`. */
export interface OffFlags {
  readonly scope?: Scope;
  /** Whether to restore values that were changed since, too. */
  readonly force?: boolean;
}

/** Restores the files of one tool, or of all tools. */
export function turnOff(context: Context, tool: string | undefined, { scope, force = false }: OffFlags): void {
  const places = placesOf(context);
  const journal = new Journal(places);
  const entries = journal.entries.filter(
    (entry) =>
      (tool === undefined || entry.tool === tool) &&
      (scope === undefined || entry.scope === scope) &&
      (entry.scope !== 'project' || isBelow(places.project, entry.file)),
  );
  if (context.flags.dryRun) {
    print(context, { wouldRestore: entries.map(({ file }) => file) }, () =>
      entries.length === 0 ? 'nothing to restore' : entries.map(({ file }) => `would restore ${file}`).join('\n'),
    );
    return;
  }
  const undone = entries.map((entry) => undo(entry, journal, force));
  for (const { file, left } of undone) {
    if (left.length === 0) continue;
    context.reporter.warn(
      `${file}: changed since and left unchanged: ${left.join(', ')}; restore with client off --force`,
    );
  }
  print(context, { restored: undone }, () =>
    undone.length === 0 ? 'nothing to restore' : undone.map(({ file }) => `restored ${file}`).join('\n'),
  );
}

/** Prints the files that were written, and whether they are unchanged. */
export function printStatus(context: Context): void {
  const entries = new Journal(placesOf(context)).entries.map((entry) => ({
    tool: entry.tool,
    scope: entry.scope,
    state: stateOf(entry, readUserFile(entry.file)),
    model: entry.model,
    url: entry.url,
    file: entry.file,
  }));
  print(context, { tools: entries }, () =>
    entries.length === 0
      ? 'no tool is configured; configure one with ollama-eks client claude'
      : table(
          ['tool', 'scope', 'state', 'model', 'file'],
          entries.map(({ tool, scope, state, model, file }) => [tool, scope, state, model, file]),
        ),
  );
}

/** Holds a conversation with the endpoint as a tool does. Throws CommandError if it fails. */
export async function check(context: Context, name: string, flags: ClientFlags): Promise<void> {
  const tool = TOOLS.find((candidate) => candidate.name === name);
  if (tool === undefined)
    throw new UsageError(`unknown tool ${name}; allowed: ${TOOLS.map((tool) => tool.name).join(', ')}`);
  const connection = await connect(context, flags);
  const entries = new Journal(placesOf(context)).entries.filter((entry) => entry.tool === name);
  await checkTool(context, { tool, connection, endpoint: endpointOf(context, connection), entries });
}

function endpointOf(
  context: Context,
  { url, requestTimeoutSeconds }: Pick<Connection, 'url' | 'requestTimeoutSeconds'>,
): Endpoint {
  return new Endpoint(context, url, context.settings.get('apiKey'), requestTimeoutSeconds * 1000);
}

async function connect(context: Context, flags: ClientFlags): Promise<Connection> {
  const requestTimeoutSeconds = requestTimeout(context, flags.requestTimeout);
  const url = baseUrl('the URL of the endpoint', await findEndpoint(context));
  const endpoint = endpointOf(context, { url, requestTimeoutSeconds });
  const served = await findModels(context, flags.model === undefined ? [] : [flags.model], endpoint);
  const model = served.find(({ embedding }) => !embedding);
  if (model === undefined) throw new UsageError('no served model generates text; name one with --model');
  const [small] =
    flags.smallModel === undefined ? [smallModel(model, served)] : await findModels(context, [flags.smallModel]);
  return {
    url,
    model,
    ...(small !== undefined && { smallModel: small }),
    requestTimeoutSeconds,
    key: flags.keyCommand === undefined ? { kind: 'environment' } : { kind: 'command', command: flags.keyCommand },
  };
}

/** Variables that name a folder. */
const FOLDERS = ['HOME', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'QWEN_HOME'];

/** An empty variable counts as unset, and a relative folder as absolute: otherwise `off` would not find it from elsewhere. */
function placesOf(context: Context): Places {
  const { platform } = process;
  const folders = FOLDERS.map((name) => {
    const folder = context.environment[name];
    return [name, folder === undefined || folder === '' ? undefined : resolve(context.directory, folder)] as const;
  });
  const environment = { ...context.environment, ...Object.fromEntries(folders) };
  return { home: environment['HOME'] ?? userInfo().homedir, project: projectDirectory(context), platform, environment };
}
