import { ANTHROPIC_HEADERS } from './api-forms';
import { parse } from '../program/json';

export const TOOL = 'get_weather';
const DESCRIPTION = 'Current weather in a city';
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const RESULT = 'sunny, 21 degrees';
/** A call takes about twenty tokens; a model that thinks first needs more. */
const MAX_TOKENS = 512;

/** What was assembled from the pieces of an answer. */
export interface Turn {
  /** Id of the call, which the tool's result refers to. */
  callId?: string | undefined;
  /** Name of the tool that was called. */
  name?: string | undefined;
  argumentsJson: string;
  text: string;
  /** Whether the event that ends a complete answer was received. */
  whole: boolean;
  error?: string | undefined;
}

/** One API format in which coding agents call tools. */
export interface ToolForm {
  readonly id: string;
  /** Name for people: `Anthropic's format`. */
  readonly title: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Returns a request that offers one tool. With `called`, it also contains that call and its result, so that the answer is text. */
  readonly body: (model: string, prompt: string, called?: Turn) => object;
  /** Adds one event to the turn, and sets `whole` at its end. */
  readonly read: (data: string, turn: Turn) => void;
}

const CHAT: ToolForm = {
  id: 'openai-tools',
  title: "OpenAI's format",
  path: '/v1/chat/completions',
  body: (model, prompt, called) => ({
    model,
    max_tokens: MAX_TOKENS,
    stream: true,
    messages: [
      { role: 'user', content: prompt },
      ...answered(called, (id, name, json) => [
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id, type: 'function', function: { name, arguments: json } }],
        },
        { role: 'tool', tool_call_id: id, content: RESULT },
      ]),
    ],
    tools: [{ type: 'function', function: { name: TOOL, description: DESCRIPTION, parameters: SCHEMA } }],
  }),
  read: (data, turn) => {
    if (data === '[DONE]') {
      turn.whole = true;
      return;
    }
    const chunk = parse<OpenAiChunk>(data);
    turn.error ??= chunk?.error?.message;
    const delta = chunk?.choices?.[0]?.delta;
    turn.text += delta?.content ?? '';
    for (const { id, function: piece } of delta?.tool_calls ?? []) {
      turn.callId ??= id;
      turn.name ??= piece?.name;
      turn.argumentsJson += piece?.arguments ?? '';
    }
  },
};

const MESSAGES: ToolForm = {
  id: 'anthropic-tools',
  title: "Anthropic's format",
  path: '/v1/messages',
  headers: ANTHROPIC_HEADERS,
  body: (model, prompt, called) => ({
    model,
    max_tokens: MAX_TOKENS,
    stream: true,
    messages: [
      { role: 'user', content: prompt },
      ...answered(called, (id, name, json) => [
        { role: 'assistant', content: [{ type: 'tool_use', id, name, input: parse(json) ?? {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: RESULT }] },
      ]),
    ],
    tools: [{ name: TOOL, description: DESCRIPTION, input_schema: SCHEMA }],
  }),
  read: (data, turn) => {
    const event = parse<AnthropicEvent>(data);
    turn.error ??= event?.error?.message;
    if (event?.content_block?.type === 'tool_use') {
      turn.callId ??= event.content_block.id;
      turn.name ??= event.content_block.name;
    }
    turn.argumentsJson += event?.delta?.partial_json ?? '';
    turn.text += event?.delta?.text ?? '';
    turn.whole = event?.type === 'message_stop';
  },
};

const RESPONSES: ToolForm = {
  id: 'responses-tools',
  title: 'the format of OpenAI Responses',
  path: '/v1/responses',
  body: (model, prompt, called) => ({
    model,
    max_output_tokens: MAX_TOKENS,
    stream: true,
    input: [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: prompt }] },
      ...answered(called, (id, name, json) => [
        { type: 'function_call', call_id: id, name, arguments: json },
        { type: 'function_call_output', call_id: id, output: RESULT },
      ]),
    ],
    tools: [{ type: 'function', name: TOOL, description: DESCRIPTION, parameters: SCHEMA }],
  }),
  read: (data, turn) => {
    const event = parse<ResponsesEvent>(data) ?? {};
    switch (event.type ?? '') {
      case 'response.output_item.added':
        if (event.item?.type !== 'function_call') break;
        turn.callId ??= event.item.call_id;
        turn.name ??= event.item.name;
        break;
      case 'response.function_call_arguments.delta':
        turn.argumentsJson += event.delta ?? '';
        break;
      case 'response.output_text.delta':
        turn.text += event.delta ?? '';
        break;
      case 'response.failed':
        turn.error = event.response?.error?.message ?? 'the response failed';
        break;
      case 'error':
        turn.error = event.error?.message ?? event.message;
        break;
      case 'response.completed':
      case 'response.incomplete':
        turn.whole = true;
    }
  },
};

/** The formats, each by the resource that its path names. */
export const TOOL_FORMS = { chat: CHAT, messages: MESSAGES, responses: RESPONSES };

export type ToolFormName = keyof typeof TOOL_FORMS;

/** Returns the messages that follow a call: the call itself and its result. */
function answered(
  called: Turn | undefined,
  messages: (id: string, name: string, argumentsJson: string) => readonly object[],
): readonly object[] {
  return called?.name === undefined ? [] : messages(called.callId ?? 'call_1', called.name, called.argumentsJson);
}

interface OpenAiChunk {
  readonly error?: { readonly message?: string };
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string;
      readonly tool_calls?: readonly {
        readonly id?: string;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
  }[];
}

interface AnthropicEvent {
  readonly type?: string;
  readonly error?: { readonly message?: string };
  readonly content_block?: { readonly type?: string; readonly id?: string; readonly name?: string };
  readonly delta?: { readonly partial_json?: string; readonly text?: string };
}

interface ResponsesEvent {
  readonly type?: string;
  readonly delta?: string;
  readonly message?: string;
  readonly error?: { readonly message?: string };
  readonly item?: { readonly type?: string; readonly call_id?: string; readonly name?: string };
  readonly response?: { readonly error?: { readonly message?: string } };
}
