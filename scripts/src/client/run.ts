import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { baseUrl } from '../http/base-url';
import { print } from '../program/output';
import { Endpoint } from '../endpoint/endpoint';
import { findEndpoint } from '../endpoint/find-endpoint';
import { findModels } from '../endpoint/find-models';
import { requestTimeout } from '../endpoint/request-timeout';
import { plan, write, type Plan } from './apply';
import { checkTool } from './check';
import { claudeVariables } from './claude';
import { copilotVariables } from './copilot';
import { appliesIn, type Change } from './entry';
import { Journal } from './journal';
import { locked } from '../program/lock';
import { placesOf } from './places';
import { smallModel } from './small-model';
import { KEY_VARIABLE, type Connection, type Scope, type Tool } from './tool-config';
import { TOOLS } from './tools';

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
  const planAll = () => {
    const [damage] = journal.damages;
    if (damage !== undefined) throw damage; // it may be the entry of this file
    return files.map((file) => plan(file, journal, { tool, scope, connection }));
  };
  const writeAll = () => planAll().map((planned) => write(planned, journal));
  const { dryRun } = context.flags;
  const plans = dryRun ? planAll() : await locked(context, journal.lock, writeAll);
  const action = ({ unchanged }: Plan) => (unchanged ? 'unchanged' : dryRun ? 'would write' : 'wrote');
  const result = {
    tool: tool.name,
    scope,
    files: plans.map((planned) => ({
      file: planned.entry.file,
      action: action(planned),
      values: planned.entry.changes.map(({ path, after }) => ({ path: path.join('.'), value: after })),
      ...(planned.copy && { copy: planned.copy.file }),
    })),
    url: connection.url,
    model: connection.model.alias,
    keyVariable,
    start,
    notes,
  };
  print(context, result, () =>
    [
      ...plans.flatMap((planned) => [
        `${action(planned)} ${planned.entry.file}`,
        ...(dryRun ? difference(planned) : []),
        ...(planned.copy ? [`${dryRun ? 'would keep' : 'kept'} your changes in ${planned.copy.file}`] : []),
      ]),
      ...exportsOf(keyVariable).map((line) => `key:   ${line}`),
      `start: ${start}`,
      ...notes.map((note) => `note:  ${note}`),
      `undo:  ollama-eks client off ${tool.name}`,
    ].join('\n'),
  );
}

/** Returns what a plan changes, line by line. It shows nothing of the user's, which may be secret: neither other values nor earlier ones. */
function difference({ text, entry: { format, changes } }: Plan): readonly string[] {
  const lines =
    format === 'text'
      ? text
          .trimEnd()
          .split('\n')
          .map((line) => `+ ${line}`)
      : changes.map(lineOf);
  return ['', ...lines.map((line) => `  ${line}`), ''];
}

/** `+` for a new value, `~` for one that replaces another, `-` for one that is removed. */
function lineOf({ path, before, after }: Change): string {
  const name = path.join('.');
  return after === undefined ? `- ${name}` : `${before === undefined ? '+' : '~'} ${name} = ${JSON.stringify(after)}`;
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

/** Holds a conversation with the endpoint as a tool does. Throws CommandError if it fails. */
export async function check(context: Context, name: string, flags: ClientFlags): Promise<void> {
  const tool = TOOLS.find((candidate) => candidate.name === name);
  if (tool === undefined)
    throw new UsageError(`unknown tool ${name}; allowed: ${TOOLS.map((tool) => tool.name).join(', ')}`);
  const connection = await connect(context, flags);
  const places = placesOf(context);
  const entries = new Journal(places).entries.filter((entry) => entry.tool === name && appliesIn(entry, places));
  await checkTool(context, { tool, connection, endpoint: endpointOf(context, connection), entries });
}

function endpointOf(
  context: Context,
  { url, requestTimeoutSeconds }: Pick<Connection, 'url' | 'requestTimeoutSeconds'>,
): Endpoint {
  return new Endpoint(context, url, context.settings.get('apiKey'), requestTimeoutSeconds * 1000);
}

async function connect(context: Context, flags: ClientFlags): Promise<Connection> {
  if (flags.keyCommand?.trim() === '') throw new UsageError('--key-command must not be empty; leave it out');
  const requestTimeoutSeconds = requestTimeout(context, flags.requestTimeout);
  const url = baseUrl('--proxy-url', await findEndpoint(context));
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
