import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmulatedModel } from './emulated-model';
import type { EndpointFaults } from './faults';

/** Tools that the model calls if a request offers them: arguments by the tool's name. */
export type ToolArguments = Readonly<Record<string, object>>;

/** What is streamed: text or a tool call, and how many tokens the prompt has. */
interface Answer {
  readonly words: readonly string[];
  /** Name of the tool and its arguments, in pieces. */
  readonly call?: { readonly name: string; readonly pieces: readonly string[] };
  readonly promptTokens: number;
  /** Tokens of the prompt that were in the cache. */
  readonly cachedTokens: number;
}

/** The faults of one response. */
type ResponseFaults = EndpointFaults & {
  /** Text of another prompt that the answer contains. */
  readonly leaked?: string | undefined;
  /** Tokens of the prompt that are in the cache. */
  readonly cachedTokens: number;
};

type Form = (model: string, answer: Answer) => readonly string[];

/** Id of the call, which its result must name. */
const CALL_ID = 'call_0815';

/** What the model repeats if it is asked to, as `ollama-eks verify --isolation` does. */
const CODE_WORD = /The code word is (\w+)\. Repeat the code word/;

/** Tokens of an answer; no client relies on the number. */
const OUTPUT_TOKENS = 9;

/** Nanoseconds that a GPU takes to read and to write a token. Reported, but not spent. */
const [READ_NANOSECONDS, WRITE_NANOSECONDS] = [500_000, 20_000_000];

/** The same answer in each API, one string for each piece of the stream. It has everything that the tools of `real/clients` read. */
const FORMS: Readonly<Record<string, Form>> = {
  '/api/chat': (model, { words, promptTokens, cachedTokens }) => [
    ...words.map((content) => line({ model, message: { role: 'assistant', content }, done: false })),
    line({
      model,
      message: { role: 'assistant', content: '' },
      done: true,
      prompt_eval_count: promptTokens,
      prompt_eval_duration: Math.max(1, promptTokens - cachedTokens) * READ_NANOSECONDS,
      eval_count: words.length,
      eval_duration: words.length * WRITE_NANOSECONDS,
    }),
  ],

  '/v1/chat/completions': (model, { words, call, promptTokens }) => {
    const common = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model };
    const chunk = (delta: object, finish_reason: string | null = null) =>
      data({ ...common, choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason }] });
    const piece = (text: string, index: number) => ({
      index: 0,
      ...(index === 0 && { id: CALL_ID, type: 'function' }),
      function: { ...(index === 0 && { name: call?.name }), arguments: text },
    });
    const usage = {
      prompt_tokens: promptTokens,
      completion_tokens: OUTPUT_TOKENS,
      total_tokens: promptTokens + OUTPUT_TOKENS,
    };
    return [
      ...words.map((content) => chunk({ content })),
      ...(call?.pieces ?? []).map((text, index) => chunk({ content: '', tool_calls: [piece(text, index)] })),
      chunk({ content: '' }, call === undefined ? 'stop' : 'tool_calls'),
      data({ ...common, choices: [], usage }),
      'data: [DONE]\n\n',
    ];
  },

  '/v1/messages': (model, { words, call, promptTokens }) => {
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], stop_reason: null };
    const block =
      call === undefined ? { type: 'text', text: '' } : { type: 'tool_use', id: CALL_ID, name: call.name, input: {} };
    const deltas =
      call === undefined
        ? words.map((text) => ({ type: 'text_delta', text }))
        : call.pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
    const stop_reason = call === undefined ? 'end_turn' : 'tool_use';
    return [
      event('message_start', { message: { ...message, usage: { input_tokens: promptTokens, output_tokens: 0 } } }),
      event('content_block_start', { index: 0, content_block: block }),
      ...deltas.map((delta) => event('content_block_delta', { index: 0, delta })),
      event('content_block_stop', { index: 0 }),
      event('message_delta', { delta: { stop_reason }, usage: { output_tokens: OUTPUT_TOKENS } }),
      event('message_stop', {}),
    ];
  },

  '/v1/responses': (model, { words, call, promptTokens }) => {
    const common = { id: 'resp_1', object: 'response', created_at: 1, model };
    const usage = {
      input_tokens: promptTokens,
      output_tokens: OUTPUT_TOKENS,
      total_tokens: promptTokens + OUTPUT_TOKENS,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 0 },
    };
    const text = words.join('');
    const [started, finished] =
      call === undefined
        ? [
            { id: 'msg_1', type: 'message', role: 'assistant', content: [] },
            {
              id: 'msg_1',
              type: 'message',
              role: 'assistant',
              content: [{ type: 'output_text', text, annotations: [] }],
            },
          ]
        : [
            { id: 'fc_1', type: 'function_call', call_id: CALL_ID, name: call.name, arguments: '' },
            { id: 'fc_1', type: 'function_call', call_id: CALL_ID, name: call.name, arguments: call.pieces.join('') },
          ];
    const kind = call === undefined ? 'response.output_text.delta' : 'response.function_call_arguments.delta';
    return [
      event('response.created', { response: { ...common, status: 'in_progress', output: [] } }),
      event('response.output_item.added', { output_index: 0, item: started }),
      ...(call?.pieces ?? words).map((delta) =>
        event(kind, { item_id: started.id, output_index: 0, content_index: 0, delta }),
      ),
      event('response.output_item.done', { output_index: 0, item: finished }),
      event('response.completed', { response: { ...common, status: 'completed', output: [finished], usage } }),
    ];
  },
};

/** Streams an answer, with the faults of the endpoint. */
export async function streamOf(
  path: string,
  body: Readonly<Record<string, unknown>>,
  model: EmulatedModel,
  toolArguments: ToolArguments,
  faults: ResponseFaults,
  response: ServerResponse,
): Promise<void> {
  const form = FORMS[path];
  if (form === undefined) {
    response.writeHead(404).end('404 page not found');
    return;
  }
  response.writeHead(200, { 'content-type': path.startsWith('/v1') ? 'text/event-stream' : 'application/x-ndjson' });
  if (faults.streamError !== undefined) {
    const error = { error: path === '/api/chat' ? faults.streamError : { message: faults.streamError } };
    response.end(path === '/api/chat' ? line(error) : event('error', error));
    return;
  }
  const pieces = form(model.name, answerOf(body, model, toolArguments, faults));
  for (const [index, piece] of pieces.entries()) {
    if (index === Math.floor(pieces.length / 2)) await sleep(faults.pause ?? 0);
    if (faults.stall === path && index > 0) return; // and is silent forever
    if (index === faults.endAfter) break;
    if (index === faults.cutAfter) {
      response.destroy();
      return;
    }
    // Parts of an event may arrive in separate packets.
    const middle = Math.floor(piece.length / 2);
    response.write(piece.slice(0, middle));
    await new Promise((resolve) => setImmediate(resolve));
    response.write(piece.slice(middle));
  }
  response.end();
}

function answerOf(
  body: Readonly<Record<string, unknown>>,
  model: EmulatedModel,
  toolArguments: ToolArguments,
  faults: ResponseFaults,
): Answer {
  const prompt = promptOf(body);
  const promptTokens = Math.min(tokensOf(prompt), faults.readTokens ?? model.contextLength);
  const { cachedTokens } = faults;
  const name = toolNames(body).find((candidate) => candidate in toolArguments);
  if (name === undefined || hasResult(body)) {
    const repeated = faults.ignores ? [] : (CODE_WORD.exec(prompt)?.slice(1) ?? []);
    const leaked = faults.leaked === undefined ? [] : [faults.leaked];
    return { words: ['rea', 'dy', ...repeated, ...leaked], promptTokens, cachedTokens };
  }
  const given = JSON.stringify(toolArguments[name]);
  const third = Math.ceil(given.length / 3);
  const pieces = [given.slice(0, third), given.slice(third, 2 * third), given.slice(2 * third)];
  switch (faults.toolCall) {
    case 'text':
      return { words: [JSON.stringify({ name, arguments: given })], promptTokens, cachedTokens };
    case 'broken':
      return { words: [], call: { name, pieces: pieces.slice(0, 1) }, promptTokens, cachedTokens };
    case 'pieces':
      return { words: [], call: { name, pieces }, promptTokens, cachedTokens };
  }
}

/** Returns all text of a request's prompt. */
export function promptOf(body: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(body['messages'] ?? body['input'] ?? '');
}

/** Returns the number of tokens of a text: words. */
export function tokensOf(text: string): number {
  return text.split(/[\s:.,]+|\\n/).length;
}

/** Returns the names of the tools that a request offers, in each API. */
function toolNames({ tools }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!Array.isArray(tools)) return [];
  return tools.map(({ name, function: inner }: { name?: string; function?: { name?: string } }) =>
    String(name ?? inner?.name),
  );
}

/** Returns whether the tool was called already: the request contains the result of this call, in any of the APIs. */
function hasResult(body: Readonly<Record<string, unknown>>): boolean {
  return isResult(body['messages'] ?? body['input']);
}

/** Returns whether a value is, or contains, the result of the call. */
function isResult(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { type, call_id: callId, tool_call_id: toolCallId, tool_use_id: toolUseId } = value as Record<string, unknown>;
  return (
    toolCallId === CALL_ID ||
    (type === 'tool_result' && toolUseId === CALL_ID) ||
    (type === 'function_call_output' && callId === CALL_ID) ||
    Object.values(value).some(isResult)
  );
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function data(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function event(type: string, value: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`;
}
