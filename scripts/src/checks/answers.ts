import { excerpt, type Endpoint } from '../endpoint/endpoint';
import { eventData, type StreamedResponse } from '../http/stream';
import type { Clock } from '../program/context';
import type { ApiForm, Question } from './api-forms';
import { fail, type Outcome } from './findings';
import { remedyOf } from './kong-checks';

/** A complete answer with text. */
export interface Answer {
  readonly text: string;
  /** Milliseconds until the first text. */
  readonly firstToken: number;
}

/** What was received of a streamed answer. */
interface Heard {
  readonly text: string;
  /** Milliseconds until the first text. */
  readonly firstToken: number | undefined;
  /** Whether the event that ends a complete answer was received. */
  readonly whole: boolean;
  /** An error that came in the stream. */
  readonly error?: string;
}

/** Asks a model, streamed. Returns its answer, or a failure if there is none: a refusal, an error, an incomplete or an empty answer. */
export function askModel(
  endpoint: Endpoint,
  form: ApiForm,
  question: Question,
  clock: Clock,
): Promise<Answer | Outcome> {
  const started = clock.now();
  const { path, headers = {} } = form;
  return endpoint.stream<Answer | Outcome>(path, { body: form.body(question), headers }, async (response) => {
    if (response.status !== 200) return refusal(path, response);
    const { text, firstToken, whole, error } = await hear(form, response, () => clock.now() - started);
    if (error !== undefined) return fail(`${path}: ${error}`, 'ollama-eks diagnose');
    if (!whole) return fail(`${path}: the stream ended before the answer was complete`, 'ollama-eks diagnose');
    if (firstToken === undefined) return fail(`${path}: the answer is empty`, 'ollama-eks diagnose');
    return { text, firstToken };
  });
}

async function hear(form: ApiForm, response: StreamedResponse, elapsed: () => number): Promise<Heard> {
  let text = '';
  let firstToken: number | undefined;
  for await (const data of form.events ? eventData(response.lines) : response.lines) {
    const part = form.part(data);
    if (part.error !== undefined) return { text, firstToken, whole: false, error: part.error };
    if (part.text !== undefined && part.text !== '') {
      firstToken ??= elapsed();
      text += part.text;
    }
    if (part.end === true) return { text, firstToken, whole: true };
  }
  return { text, firstToken, whole: false };
}

/** Describes an answer with an error status, and what to do. */
export async function refusal(path: string, response: StreamedResponse): Promise<Outcome> {
  const body = await textOf(response);
  return fail(`${path} answers ${String(response.status)}: ${excerpt(body)}`, remedyOf(response.status, body));
}

/** Reads an answer to its end. */
export async function textOf({ lines }: StreamedResponse): Promise<string> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all.join('\n');
}
