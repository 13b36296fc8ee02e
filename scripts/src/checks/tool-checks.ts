import type { Clock } from '../program/context';
import { fail, ok, type Check, type Outcome } from './findings';
import { eventData } from '../http/stream';
import { refusal } from './answers';
import type { Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import { parse } from '../program/json';
import { TOOL, TOOL_FORMS, type ToolForm, type Turn } from './tool-forms';

export const TOOL_PROMPT = `Call the tool ${TOOL} for the city Paris. Do not answer in words.`;

const REMEDY =
  'this model, or the template of this tag, does not support tools: choose another model for coding agents';

/** A turn that was answered, the milliseconds until its first piece, and what is wrong with it, if anything. */
export interface Answered {
  readonly turn: Turn;
  readonly firstPiece: number;
  readonly problem?: Outcome;
}

/** Returns checks that every model calls a tool, with complete arguments, in the API formats that coding agents use. */
export function toolChecks(endpoint: Endpoint, models: readonly ServedModel[], clock: Clock): readonly Check[] {
  return models
    .filter(({ embedding }) => !embedding)
    .flatMap(({ alias }) =>
      Object.values(TOOL_FORMS).map((form) => ({
        id: `${form.id} ${alias}`,
        title: `${alias} calls a tool, streamed, in ${form.title}`,
        run: async () => {
          const { turn, problem } = await ask(endpoint, form, form.body(alias, TOOL_PROMPT), clock);
          return problem ?? judgeCall(form.path, turn);
        },
      })),
    );
}

/** Requests one turn and reads it to its end. */
export async function ask(
  endpoint: Endpoint,
  { path, headers, read }: ToolForm,
  body: object,
  clock: Clock,
  session: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const started = clock.now();
  const turn: Turn = { argumentsJson: '', text: '', whole: false };
  return endpoint.stream(path, { body, headers: { ...headers, ...session } }, async (response) => {
    if (response.status !== 200) return { turn, firstPiece: 0, problem: await refusal(path, response) };
    let firstPiece: number | undefined;
    for await (const data of eventData(response.lines)) {
      read(data, turn);
      if (turn.text !== '' || turn.name !== undefined) firstPiece ??= clock.now() - started;
      if (turn.whole) break;
    }
    const { error, whole } = turn;
    const words = error ?? (whole ? undefined : 'the stream ended before the answer was complete');
    const problem = words === undefined ? undefined : fail(`${path}: ${words}`, 'ollama-eks diagnose');
    return { turn, firstPiece: firstPiece ?? clock.now() - started, ...(problem && { problem }) };
  });
}

/** Judges whether a turn calls the tool, with complete arguments. */
export function judgeCall(path: string, { name, argumentsJson, text }: Turn): Outcome {
  if (name === undefined) {
    const printed = text.includes(TOOL);
    return fail(`${path}: ${printed ? 'the call arrived as text' : 'no tool was called'}`, REMEDY, { text });
  }
  const given = parse<{ city?: unknown }>(argumentsJson);
  if (name !== TOOL || typeof given?.city !== 'string') {
    return fail(`${path}: wrong call: ${name} with the arguments ${JSON.stringify(argumentsJson)}`, REMEDY);
  }
  return ok(`${name}(${JSON.stringify(given)})`);
}
