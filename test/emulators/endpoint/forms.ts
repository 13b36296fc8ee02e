import type { ServerResponse } from 'node:http';
import type { EmulatedModel } from './emulated-model';
import type { EndpointFaults } from './faults';

/** What is streamed: words, or a tool call; and how the prompt was counted. */
interface Answer {
  readonly words: readonly string[];
  /** Name of the tool and its arguments, in pieces. */
  readonly call?: { readonly name: string; readonly pieces: readonly string[] };
  readonly promptTokens: number;
}

/** The answer to a call must name it. */
const CALL_ID = 'call_0815';

/** The result of a tool, in each form. */
const RESULTS = [
  `"role":"tool","tool_call_id":"${CALL_ID}"`,
  `"type":"tool_result","tool_use_id":"${CALL_ID}"`,
  `"type":"function_call_output","call_id":"${CALL_ID}"`,
];

type Form = (model: string, answer: Answer) => readonly string[];

/** The same answer in each form of the API, one string for each piece of the stream. */
const FORMS: Readonly<Record<string, Form>> = {
  '/api/chat': (model, { words, promptTokens }) => [
    ...words.map((content) => line({ model, message: { role: 'assistant', content }, done: false })),
    line({ model, message: { role: 'assistant', content: '' }, done: true, prompt_eval_count: promptTokens }),
  ],
  '/v1/chat/completions': (model, { words, call, promptTokens }) => [
    ...words.map((content) => data({ model, choices: [{ index: 0, delta: { content } }] })),
    ...(call?.pieces ?? []).map((piece, index) =>
      data({
        model,
        choices: [
          {
            index: 0,
            delta: {
              tool_calls: [
                { index: 0, id: CALL_ID, function: { ...(index === 0 && { name: call?.name }), arguments: piece } },
              ],
            },
          },
        ],
      }),
    ),
    data({ model, choices: [], usage: { prompt_tokens: promptTokens } }),
    'data: [DONE]\n\n',
  ],
  '/v1/messages': (model, { words, call, promptTokens }) => [
    event('message_start', { message: { model, usage: { input_tokens: promptTokens } } }),
    ...words.map((text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    ...(call === undefined
      ? []
      : [
          event('content_block_start', { index: 0, content_block: { type: 'tool_use', id: CALL_ID, name: call.name } }),
        ]),
    ...(call?.pieces ?? []).map((partial_json) =>
      event('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json } }),
    ),
    event('message_stop', {}),
  ],
  '/v1/responses': (model, { words, call, promptTokens }) => [
    event('response.created', { response: { model } }),
    ...words.map((delta) => event('response.output_text.delta', { delta })),
    ...(call === undefined
      ? []
      : [
          event('response.output_item.added', { item: { type: 'function_call', call_id: CALL_ID, name: call.name } }),
          ...call.pieces.map((delta) => event('response.function_call_arguments.delta', { delta })),
        ]),
    event('response.completed', { response: { model, usage: { input_tokens: promptTokens } } }),
  ],
};

/** Streams an answer, with what is wrong with the endpoint. */
export async function streamOf(
  path: string,
  body: Readonly<Record<string, unknown>>,
  model: EmulatedModel,
  faults: EndpointFaults,
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
  for (const [index, piece] of form(model.name, answerOf(body, model, faults)).entries()) {
    if (faults.stall === path && index > 0) return; // and never a word again
    if (index === faults.cutAfter) {
      response.destroy();
      return;
    }
    // Pieces of an event may come in packets of their own.
    const middle = Math.floor(piece.length / 2);
    response.write(piece.slice(0, middle));
    await new Promise((resolve) => setImmediate(resolve));
    response.write(piece.slice(middle));
  }
  response.end();
}

function answerOf(body: Readonly<Record<string, unknown>>, model: EmulatedModel, faults: EndpointFaults): Answer {
  const tokens = JSON.stringify(body['messages'] ?? body['input'] ?? '').split(/[\s:.,]+|\\n/).length;
  const promptTokens = Math.min(tokens, faults.readTokens ?? model.contextLength);
  if (!Array.isArray(body['tools']) || hasResult(body)) return { words: ['rea', 'dy'], promptTokens };
  const call = { name: 'get_weather', arguments: '{"city":"Paris"}' };
  switch (faults.toolCall) {
    case 'text':
      return { words: [JSON.stringify(call)], promptTokens };
    case 'broken':
      return { words: [], call: { name: call.name, pieces: ['{"ci'] }, promptTokens };
    case 'pieces':
      return { words: [], call: { name: call.name, pieces: ['{"ci', 'ty":"Pa', 'ris"}'] }, promptTokens };
  }
}

/** Whether the tool was called already: its result is there, for the call that was made. */
function hasResult(body: Readonly<Record<string, unknown>>): boolean {
  const text = JSON.stringify(body['messages'] ?? body['input'] ?? '');
  return RESULTS.some((result) => text.includes(result));
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
