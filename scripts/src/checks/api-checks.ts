import { excerpt, parse, type Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import { eventData, type StreamedResponse } from '../http/stream';
import type { Clock } from '../program/context';
import { counted } from '../program/words';
import { fail, ok, warn, type Check, type Outcome } from './findings';
import { remedyOf } from './kong-checks';

/** Asks for little text: the checks measure the path, not the model. */
const PROMPT = 'Answer with one word: ready';
const MAX_TOKENS = 16;

/** Without the models that should answer, a check that finds no failure proves nothing. */
export const MODELS_UNKNOWN = 'the models that should answer are not known';
export const NAME_MODELS = 'ollama-eks verify --model NAME';

/** Version of Anthropic's API that its clients send. @see https://docs.claude.com/en/api/versioning */
export const ANTHROPIC_HEADERS = { 'anthropic-version': '2023-06-01' };

/** What was received of a streamed answer. */
interface Heard {
  /** Milliseconds until the first text. */
  readonly firstToken: number | undefined;
  readonly text: string;
  /** Whether the event that ends a complete answer was received. */
  readonly whole: boolean;
  /** An error that came in the stream. */
  readonly error?: string;
}

/** What one event adds to an answer: text, its end, or an error. */
interface Part {
  readonly text?: string | undefined;
  readonly end?: boolean;
  readonly error?: string | undefined;
}

/** One API format: the path, the body, and how to read a line of the answer. */
interface Form {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: (model: string) => unknown;
  readonly part: (data: string) => Part;
  readonly events: boolean;
}

const FORMS: readonly Form[] = [
  {
    id: 'chat',
    title: "streams in Ollama's format",
    path: '/api/chat',
    body: (model) => ({ model, messages: [user()], stream: true, options: { num_predict: MAX_TOKENS } }),
    events: false,
    part: (data) => {
      const line = parse<{ message?: { content?: string; thinking?: string }; done?: boolean; error?: string }>(data);
      return {
        text: (line?.message?.content ?? '') + (line?.message?.thinking ?? ''),
        end: line?.done === true,
        error: line?.error,
      };
    },
  },
  {
    id: 'anthropic-messages',
    title: "streams in Anthropic's format",
    path: '/v1/messages',
    headers: ANTHROPIC_HEADERS,
    body: (model) => ({ model, max_tokens: MAX_TOKENS, messages: [user()], stream: true }),
    events: true,
    part: (data) => {
      const event = parse<{
        type?: string;
        delta?: { text?: string; thinking?: string };
        error?: { message?: string };
      }>(data);
      return {
        text: event?.delta?.text ?? event?.delta?.thinking,
        end: event?.type === 'message_stop',
        error: event?.error?.message,
      };
    },
  },
  {
    id: 'openai-chat',
    title: 'streams in the format of OpenAI Chat Completions',
    path: '/v1/chat/completions',
    body: (model) => ({ model, max_tokens: MAX_TOKENS, messages: [user()], stream: true }),
    events: true,
    part: (data) => {
      if (data === '[DONE]') return { end: true };
      const chunk = parse<{
        choices?: readonly { delta?: { content?: string; reasoning?: string } }[];
        error?: { message?: string };
      }>(data);
      const delta = chunk?.choices?.[0]?.delta;
      return { text: (delta?.content ?? '') + (delta?.reasoning ?? ''), error: chunk?.error?.message };
    },
  },
  {
    id: 'openai-responses',
    title: 'streams in the format of OpenAI Responses, which Codex uses',
    path: '/v1/responses',
    body: (model) => ({ model, max_output_tokens: MAX_TOKENS, input: PROMPT, stream: true }),
    events: true,
    part: (data) => {
      const event = parse<{ type?: string; delta?: string; response?: { error?: { message?: string } } }>(data);
      return {
        text: event?.type?.endsWith('.delta') === true ? event.delta : undefined,
        end: event?.type === 'response.completed' || event?.type === 'response.incomplete',
        error:
          event?.type === 'response.failed' ? (event.response?.error?.message ?? 'the response failed') : undefined,
      };
    },
  },
];

/** Returns checks that every model is listed and answers in every API format. */
export function apiChecks(endpoint: Endpoint, models: readonly ServedModel[], clock: Clock): readonly Check[] {
  return [
    { id: 'tags', title: 'every model is listed', run: () => tags(endpoint, models) },
    ...models
      .filter(({ embedding }) => !embedding)
      .flatMap(({ alias }) => FORMS.map((form) => checkOf(endpoint, form, alias, clock))),
    ...models
      .filter(({ embedding }) => embedding)
      .map(({ alias }) => ({
        id: `embed ${alias}`,
        title: `${alias} creates embeddings`,
        run: () => embed(endpoint, alias),
      })),
  ];
}

/** Returns checks that every model answers, in Ollama's own format only. */
export function chatChecks(endpoint: Endpoint, models: readonly ServedModel[], clock: Clock): readonly Check[] {
  const [form] = FORMS;
  if (form === undefined) return [];
  return models.filter(({ embedding }) => !embedding).map(({ alias }) => checkOf(endpoint, form, alias, clock));
}

function checkOf(endpoint: Endpoint, form: Form, alias: string, clock: Clock): Check {
  return { id: `${form.id} ${alias}`, title: `${alias} ${form.title}`, run: () => ask(endpoint, form, alias, clock) };
}

async function tags(endpoint: Endpoint, models: readonly ServedModel[]): Promise<Outcome> {
  const { status, body } = await endpoint.send('GET', '/api/tags');
  const listed = parse<{ models?: readonly { name: string }[] }>(body)?.models;
  if (status !== 200 || listed === undefined) {
    return fail(`/api/tags answers ${String(status)}: ${excerpt(body)}`, remedyOf(status));
  }
  const names = listed.map(({ name }) => name);
  if (models.length === 0)
    return warn(`listed: ${names.join(', ') || 'none'}; ${MODELS_UNKNOWN}`, NAME_MODELS, { names });
  const missing = models.map(({ alias }) => alias).filter((alias) => !names.includes(alias));
  if (missing.length === 0) return ok(models.map(({ alias }) => alias).join(', '), { names });
  return fail(
    `missing: ${missing.join(', ')}; listed: ${names.join(', ') || 'none'}`,
    'the server is still pulling, or its pull failed: ollama-eks diagnose',
    { names, missing },
  );
}

async function ask(endpoint: Endpoint, form: Form, alias: string, clock: Clock): Promise<Outcome> {
  const started = clock.now();
  const { path, headers = {} } = form;
  return endpoint.stream(path, { body: form.body(alias), headers }, async (response) => {
    if (response.status !== 200) return refusal(path, response);
    const heard = await hear(form, response, () => clock.now() - started);
    if (heard.error !== undefined) return fail(`${path}: ${heard.error}`, 'ollama-eks diagnose');
    if (!heard.whole) return fail(`${path}: the stream ended before the answer was complete`, 'ollama-eks diagnose');
    if (heard.firstToken === undefined) return fail(`${path}: the answer is empty`, 'ollama-eks diagnose');
    return ok(`first token after ${seconds(heard.firstToken)}`, { firstTokenSeconds: heard.firstToken / 1000 });
  });
}

async function hear(form: Form, response: StreamedResponse, elapsed: () => number): Promise<Heard> {
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

async function embed(endpoint: Endpoint, model: string): Promise<Outcome> {
  return endpoint.stream('/api/embed', { body: { model, input: PROMPT } }, async (response) => {
    if (response.status !== 200) return refusal('/api/embed', response);
    const answer = parse<{ embeddings?: readonly (readonly number[])[] }>(await textOf(response));
    const size = answer?.embeddings?.[0]?.length ?? 0;
    return size > 0
      ? ok(counted(size, 'number'))
      : fail('/api/embed: the answer has no numbers', 'ollama-eks diagnose');
  });
}

/** Describes an answer with an error status, and what to do. */
export async function refusal(path: string, response: StreamedResponse): Promise<Outcome> {
  const body = await textOf(response);
  return fail(`${path} answers ${String(response.status)}: ${excerpt(body)}`, remedyOf(response.status));
}

async function textOf({ lines }: StreamedResponse): Promise<string> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all.join('\n');
}

function user() {
  return { role: 'user', content: PROMPT };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
