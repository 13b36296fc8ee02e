import { parse } from '../program/json';

/** Version of Anthropic's API that its clients send. @see https://docs.claude.com/en/api/versioning */
export const ANTHROPIC_HEADERS = { 'anthropic-version': '2023-06-01' };

/** What one event adds to an answer: text, its end, or an error. */
export interface Part {
  readonly text?: string | undefined;
  readonly end?: boolean;
  readonly error?: string | undefined;
}

/** What a model is asked. */
export interface Question {
  readonly model: string;
  readonly prompt: string;
  /** Length of the answer, in tokens, after which it ends. */
  readonly maxTokens: number;
}

/** One API format in which a model answers with text. */
export interface ApiForm {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: (question: Question) => object;
  /** Reads one line of the answer, without the prefix of events. */
  readonly part: (data: string) => Part;
  /** Whether the answer is sent as server-sent events. */
  readonly events: boolean;
}

const CHAT: ApiForm = {
  id: 'chat',
  title: "streams in Ollama's format",
  path: '/api/chat',
  body: ({ model, prompt, maxTokens }) => ({
    model,
    messages: [user(prompt)],
    stream: true,
    options: { num_predict: maxTokens },
  }),
  events: false,
  part: (data) => {
    const line = parse<{ message?: { content?: string; thinking?: string }; done?: boolean; error?: string }>(data);
    return {
      text: (line?.message?.content ?? '') + (line?.message?.thinking ?? ''),
      end: line?.done === true,
      error: line?.error,
    };
  },
};

const MESSAGES: ApiForm = {
  id: 'anthropic-messages',
  title: "streams in Anthropic's format",
  path: '/v1/messages',
  headers: ANTHROPIC_HEADERS,
  body: ({ model, prompt, maxTokens }) => ({ model, max_tokens: maxTokens, messages: [user(prompt)], stream: true }),
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
};

const COMPLETIONS: ApiForm = {
  id: 'openai-chat',
  title: 'streams in the format of OpenAI Chat Completions',
  path: '/v1/chat/completions',
  body: ({ model, prompt, maxTokens }) => ({ model, max_tokens: maxTokens, messages: [user(prompt)], stream: true }),
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
};

const RESPONSES: ApiForm = {
  id: 'openai-responses',
  title: 'streams in the format of OpenAI Responses, which Codex uses',
  path: '/v1/responses',
  body: ({ model, prompt, maxTokens }) => ({ model, max_output_tokens: maxTokens, input: prompt, stream: true }),
  events: true,
  part: (data) => {
    const event = parse<{ type?: string; delta?: string; response?: { error?: { message?: string } } }>(data);
    return {
      text: event?.type?.endsWith('.delta') === true ? event.delta : undefined,
      end: event?.type === 'response.completed' || event?.type === 'response.incomplete',
      error: event?.type === 'response.failed' ? (event.response?.error?.message ?? 'the response failed') : undefined,
    };
  },
};

/** The formats, each by the resource that its path names. `chat` is Ollama's own. */
export const API_FORMS = { chat: CHAT, messages: MESSAGES, completions: COMPLETIONS, responses: RESPONSES };

function user(prompt: string) {
  return { role: 'user', content: prompt };
}
