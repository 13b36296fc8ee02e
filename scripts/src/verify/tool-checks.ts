import { ANTHROPIC_HEADERS, refusal } from '../checks/api-checks';
import { fail, ok, type Check, type Outcome } from '../checks/findings';
import { parse, type Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import { eventData } from '../http/stream';

const TOOL = 'get_weather';
const CITY = 'Paris';
const PROMPT = `Call the tool ${TOOL} for the city ${CITY}. Do not answer in words.`;
const DESCRIPTION = 'Weather of a city, now';
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
/** A call is some twenty tokens; a model that thinks first needs more. */
const MAX_TOKENS = 512;

const REMEDY = 'this model, or the template of this tag, is not made for tools: choose another model for coding agents';

/** What was put together of the pieces. */
interface Call {
  name?: string | undefined;
  argumentsJson: string;
  text: string;
  whole: boolean;
  error?: string | undefined;
}

/** A tool call must arrive as one, in the forms that coding agents use: as a call, with its arguments whole. */
export function toolChecks(endpoint: Endpoint, models: readonly ServedModel[]): readonly Check[] {
  return models
    .filter(({ embedding }) => !embedding)
    .flatMap(({ alias }) => [
      {
        id: `openai-tools ${alias}`,
        title: `${alias} calls a tool, streamed, in OpenAI's form`,
        run: () => openAi(endpoint, alias),
      },
      {
        id: `anthropic-tools ${alias}`,
        title: `${alias} calls a tool, streamed, in Anthropic's form`,
        run: () => anthropic(endpoint, alias),
      },
    ]);
}

function openAi(endpoint: Endpoint, model: string): Promise<Outcome> {
  const body = {
    model,
    max_tokens: MAX_TOKENS,
    stream: true,
    messages: [{ role: 'user', content: PROMPT }],
    tools: [{ type: 'function', function: { name: TOOL, description: DESCRIPTION, parameters: SCHEMA } }],
  };
  const path = '/v1/chat/completions';
  return endpoint.stream(path, { body }, async (response) => {
    if (response.status !== 200) return refusal(path, response);
    const call: Call = { argumentsJson: '', text: '', whole: false };
    for await (const data of eventData(response.lines)) {
      if (data === '[DONE]') {
        call.whole = true;
        break;
      }
      const chunk = parse<OpenAiChunk>(data);
      call.error ??= chunk?.error?.message;
      const delta = chunk?.choices?.[0]?.delta;
      call.text += delta?.content ?? '';
      for (const { function: piece } of delta?.tool_calls ?? []) {
        call.name ??= piece?.name;
        call.argumentsJson += piece?.arguments ?? '';
      }
    }
    return judge(path, call);
  });
}

function anthropic(endpoint: Endpoint, model: string): Promise<Outcome> {
  const body = {
    model,
    max_tokens: MAX_TOKENS,
    stream: true,
    messages: [{ role: 'user', content: PROMPT }],
    tools: [{ name: TOOL, description: DESCRIPTION, input_schema: SCHEMA }],
  };
  const path = '/v1/messages';
  return endpoint.stream(path, { body, headers: ANTHROPIC_HEADERS }, async (response) => {
    if (response.status !== 200) return refusal(path, response);
    const call: Call = { argumentsJson: '', text: '', whole: false };
    for await (const data of eventData(response.lines)) {
      const event = parse<AnthropicEvent>(data);
      call.error ??= event?.error?.message;
      if (event?.content_block?.type === 'tool_use') call.name ??= event.content_block.name;
      call.argumentsJson += event?.delta?.partial_json ?? '';
      call.text += event?.delta?.text ?? '';
      if (event?.type === 'message_stop') {
        call.whole = true;
        break;
      }
    }
    return judge(path, call);
  });
}

function judge(path: string, { name, argumentsJson, text, whole, error }: Call): Outcome {
  if (error !== undefined) return fail(`${path}: ${error}`, 'ollama-eks diagnose');
  if (!whole) return fail(`${path}: the stream ended before the answer did`, 'ollama-eks diagnose');
  if (name === undefined) {
    const printed = text.includes(TOOL);
    return fail(`${path}: ${printed ? 'the call came as text' : 'no tool was called'}`, REMEDY, { text });
  }
  const given = parse<{ city?: unknown }>(argumentsJson);
  if (name !== TOOL || typeof given?.city !== 'string') {
    return fail(`${path}: a call of ${name} with the arguments ${JSON.stringify(argumentsJson)}`, REMEDY);
  }
  return ok(`${name}(${JSON.stringify(given)})`);
}

interface OpenAiChunk {
  readonly error?: { readonly message?: string };
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string;
      readonly tool_calls?: readonly { readonly function?: { readonly name?: string; readonly arguments?: string } }[];
    };
  }[];
}

interface AnthropicEvent {
  readonly type?: string;
  readonly error?: { readonly message?: string };
  readonly content_block?: { readonly type?: string; readonly name?: string };
  readonly delta?: { readonly partial_json?: string; readonly text?: string };
}
