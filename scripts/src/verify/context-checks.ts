import { randomBytes } from 'node:crypto';
import { refusal } from '../checks/answers';
import { fail, ok, type Check, type Outcome } from '../checks/findings';
import { parse, type Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import { eventData } from '../http/stream';

/** Lines of two prompts, whose token counts show how many tokens a line has and how many the template adds. */
const SHORT_LINES = 40;
const LONG_LINES = 120;
/** Tokens for the answer and for the error of the estimate. */
const RESERVE_TOKENS = 256;
/** Share of the estimate that must be read; a truncated prompt loses far more. */
const MINIMUM_SHARE = 0.97;

/** Returns checks that each model reads a prompt of the promised length in full. */
export function contextChecks(endpoint: Endpoint, models: readonly ServedModel[]): readonly Check[] {
  return models
    .filter(({ embedding }) => !embedding)
    .map((model) => ({
      id: `context ${model.alias}`,
      title: `${model.alias} reads ${String(model.contextLength)} tokens`,
      run: () => probe(endpoint, model),
    }));
}

async function probe(endpoint: Endpoint, { alias, contextLength }: ServedModel): Promise<Outcome> {
  const short = await promptTokens(endpoint, alias, SHORT_LINES);
  if (typeof short !== 'number') return short;
  const long = await promptTokens(endpoint, alias, LONG_LINES);
  if (typeof long !== 'number') return long;
  const perLine = (long - short) / (LONG_LINES - SHORT_LINES);
  if (perLine <= 0) {
    return fail(
      `a prompt of three times the length has no more tokens (${String(short)}, ${String(long)}): it is truncated`,
      "the server's context is far too small: ollama-eks models list",
    );
  }
  const template = short - perLine * SHORT_LINES;
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
