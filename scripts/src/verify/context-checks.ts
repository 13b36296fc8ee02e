import { randomBytes } from 'node:crypto';
import { refusal, textOf } from '../checks/answers';
import { API_FORMS, type ApiForm } from '../checks/api-forms';
import { fail, ok, warn, type Check, type Outcome } from '../checks/findings';
import type { Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import { eventData } from '../http/stream';
import { parse } from '../program/json';

/** Lines of two prompts, whose token counts show how many tokens a line has and how many the template adds. */
const SHORT_LINES = 40;
const LONG_LINES = 120;
/** Tokens for the answer and for the error of the estimate. */
const RESERVE_TOKENS = 256;
/** Share of the estimate that must be read; a truncated prompt loses far more. */
const MINIMUM_SHARE = 0.97;

/** A prompt that is this many times longer than the context, so that the estimate cannot be too short. */
const EXCESS = 1.2;
/** Status of a prompt that is longer than the context, where Ollama reports it. */
const REFUSED = 400;

/** Tokens of a prompt, as the model counts them. */
interface TokenCount {
  readonly perLine: number;
  /** Tokens that do not depend on the number of lines. */
  readonly template: number;
}

/** Returns checks that each model reads a prompt of the promised length in full, and of what happens to a longer one. */
export function contextChecks(endpoint: Endpoint, models: readonly ServedModel[]): readonly Check[] {
  return models
    .filter(({ embedding }) => !embedding)
    .flatMap((model) => [
      {
        id: `context ${model.alias}`,
        title: `${model.alias} reads ${String(model.contextLength)} tokens`,
        run: () => probe(endpoint, model),
      },
      {
        id: `overflow ${model.alias}`,
        title: `a prompt that is longer than the context of ${model.alias} is refused`,
        run: () => probeOverflow(endpoint, model),
      },
    ]);
}

async function probe(endpoint: Endpoint, { alias, contextLength }: ServedModel): Promise<Outcome> {
  const count = await countTokens(endpoint, alias);
  if ('status' in count) return count;
  const { perLine, template } = count;
  const lines = Math.floor((contextLength - RESERVE_TOKENS - template) / perLine);
  const expected = Math.round(template + lines * perLine);
  const read = await promptTokens(endpoint, alias, lines);
  if (typeof read !== 'number') return read;
  const evidence = { promisedTokens: contextLength, sentTokens: expected, readTokens: read };
  if (read < expected * MINIMUM_SHARE) {
    return fail(
      `${String(read)} of ${String(expected)} tokens were read: the prompt is truncated`,
      `a request gets less context than ${alias} promises: ollama-eks models list`,
      evidence,
    );
  }
  return ok(`all ${String(read)} tokens were read, of ${String(contextLength)} promised`, evidence);
}

/** Sends a prompt that is too long in each format. Where Ollama has no switch, it cuts the prompt and answers with status 200. */
async function probeOverflow(endpoint: Endpoint, { alias, contextLength }: ServedModel): Promise<Outcome> {
  const count = await countTokens(endpoint, alias);
  if ('status' in count) return count;
  const lines = Math.ceil((contextLength * EXCESS - count.template) / count.perLine);
  const sentTokens = Math.round(count.template + lines * count.perLine);
  const cut: string[] = [];
  const refused: string[] = [];
  for (const form of Object.values(API_FORMS)) {
    const status = await statusOf(endpoint, form, alias, lines);
    if (typeof status !== 'number') return status;
    (status === REFUSED ? refused : cut).push(form.path);
  }
  const evidence = { promisedTokens: contextLength, sentTokens, cut, refused };
  if (cut.length === 0) return ok(`refused with ${String(REFUSED)} at ${refused.join(', ')}`, evidence);
  return warn(
    `${cut.join(', ')} cut a prompt of ${String(sentTokens)} tokens and answered with status 200`,
    'Ollama has no switch for it: let clients limit their prompts, as the configuration of `ollama-eks client` does',
    evidence,
  );
}

/** Returns 200 or 400; for every other status a failure. */
function statusOf(endpoint: Endpoint, form: ApiForm, model: string, lines: number): Promise<number | Outcome> {
  const { path, headers = {} } = form;
  const body = form.body({ model, prompt: prompt(lines), maxTokens: 1 });
  return endpoint.stream<number | Outcome>(path, { body, headers }, async (response) => {
    if (response.status !== 200 && response.status !== REFUSED) return refusal(path, response);
    await textOf(response);
    return response.status;
  });
}

async function countTokens(endpoint: Endpoint, model: string): Promise<TokenCount | Outcome> {
  const short = await promptTokens(endpoint, model, SHORT_LINES);
  if (typeof short !== 'number') return short;
  const long = await promptTokens(endpoint, model, LONG_LINES);
  if (typeof long !== 'number') return long;
  const perLine = (long - short) / (LONG_LINES - SHORT_LINES);
  if (perLine <= 0) {
    return fail(
      `a prompt of three times the length has no more tokens (${String(short)}, ${String(long)}): it is truncated`,
      "the server's context is far too small: ollama-eks models list",
    );
  }
  return { perLine, template: short - perLine * SHORT_LINES };
}

/** Returns the number of tokens that the server reports for a prompt of that many lines, or why it does not. */
function promptTokens(endpoint: Endpoint, model: string, lines: number): Promise<number | Outcome> {
  const body = {
    model,
    max_tokens: 1,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: prompt(lines) }],
  };
  const path = '/v1/chat/completions';
  return endpoint.stream<number | Outcome>(path, { body }, async (response) => {
    if (response.status !== 200) return refusal(path, response);
    let tokens: number | undefined;
    for await (const data of eventData(response.lines)) {
      const chunk = parse<{ usage?: { prompt_tokens?: number } | null; error?: { message?: string } }>(data);
      if (chunk?.error?.message !== undefined) return fail(`${path}: ${chunk.error.message}`, 'ollama-eks diagnose');
      tokens = chunk?.usage?.prompt_tokens ?? tokens;
    }
    return tokens ?? fail(`${path}: the answer does not report how many tokens were read`, 'ollama-eks diagnose');
  });
}

/** Starts with random text, so that no part of the prompt is cached and missing from the count. */
function prompt(lines: number): string {
  const record = (line: number) => `Record ${String(line + 1).padStart(6, '0')}: nothing to report.`;
  return [
    `Batch ${randomBytes(8).toString('hex')}`,
    ...Array.from({ length: lines }, (_, line) => record(line)),
    'Answer: ok',
  ].join('\n');
}
