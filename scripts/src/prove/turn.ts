// https://github.com/ollama/ollama/blob/v0.32.15/docs/api.md#generate-a-chat-completion
import { textOf } from '../checks/answers';
import type { Endpoint } from '../endpoint/endpoint';
import { NoAnswerError } from '../http/request';
import type { StreamedResponse } from '../http/stream';
import type { Context } from '../program/context';
import { parse } from '../program/json';
import { ANSWER_TOKENS, type Message } from './conversation';

/** What a turn took. It has no text of the prompt or the answer. */
export interface TurnFigures {
  /** Tokens of the whole prompt. */
  readonly promptTokens: number;
  /** Milliseconds that the server took to read the part of the prompt that it did not have in its cache. */
  readonly readMs: number;
  readonly answerTokens: number;
  /** Milliseconds that the server took to write the answer. */
  readonly writeMs: number;
  /** Milliseconds from the first attempt to the first text, with the waits after refusals. */
  readonly firstTokenMs: number;
  /** How often the turn was refused because all servers were busy. */
  readonly refused: number;
}

/** A turn that was answered, and the text that the next turn contains. */
export interface Answered {
  readonly figures: TurnFigures;
  readonly text: string;
}

/** A turn that was not answered, with the reason in words that contain nothing of what the server sent. */
export interface Unanswered {
  readonly reason: string;
  readonly refused: number;
}

/** Statuses of a server or gateway that is busy. */
const BUSY = [429, 503];
/** Seconds to wait if the answer does not say how many, and the most: a coding agent waits no longer. */
const DEFAULT_WAIT = 5;
const LONGEST_WAIT = 60;
/** Attempts of one turn: with the gateway's 10 seconds between them, a quarter of an hour. */
const ATTEMPTS = 90;

/** One line of an answer. */
interface ChatLine {
  readonly message?: { readonly content?: string; readonly thinking?: string };
  readonly done?: boolean;
  readonly error?: string;
  readonly prompt_eval_count?: number;
  /** Nanoseconds. */
  readonly prompt_eval_duration?: number;
  readonly eval_count?: number;
  /** Nanoseconds. */
  readonly eval_duration?: number;
}

/** A refusal that asks the client to try again. */
interface Busy {
  readonly waitSeconds: number;
}

/**
 * Asks for the next answer of a conversation, and tries again as coding agents do while all servers are busy.
 * @param session headers that name the conversation
 */
export async function askTurn(
  { clock, signal }: Pick<Context, 'clock' | 'signal'>,
  endpoint: Endpoint,
  model: string,
  messages: readonly Message[],
  session: Readonly<Record<string, string>> = {},
  answerTokens = ANSWER_TOKENS,
): Promise<Answered | Unanswered> {
  const started = clock.now();
  const body = { model, messages, stream: true, truncate: false, options: { num_predict: answerTokens } };
  for (let refused = 0; refused < ATTEMPTS; refused += 1) {
    const result = await endpoint
      .stream<Answered | Unanswered | Busy>('/api/chat', { body, headers: session }, (response) =>
        read(response, refused, () => clock.now() - started),
      )
      .catch((error: unknown): Unanswered => {
        signal.throwIfAborted();
        if (!(error instanceof NoAnswerError)) throw error;
        return { reason: 'no complete answer', refused };
      });
    if (!('waitSeconds' in result)) return result;
    await clock.sleep(result.waitSeconds * 1000, signal);
  }
  return { reason: `refused ${String(ATTEMPTS)} times`, refused: ATTEMPTS };
}

async function read(
  response: StreamedResponse,
  refused: number,
  elapsed: () => number,
): Promise<Answered | Unanswered | Busy> {
  const { status, headers, lines } = response;
  if (status !== 200) await textOf(response);
  if (BUSY.includes(status)) return { waitSeconds: waitOf(headers.get('retry-after')) };
  if (status !== 200) return { reason: `status ${String(status)}`, refused };
  let [text, firstTokenMs] = ['', undefined as number | undefined];
  for await (const data of lines) {
    const line = parse<ChatLine>(data);
    if (line?.error !== undefined) return { reason: 'an error within the answer', refused };
    const { content = '', thinking = '' } = line?.message ?? {};
    if (content + thinking !== '') firstTokenMs ??= elapsed();
    text += content;
    if (line?.done === true)
      return { text, figures: { ...figuresOf(line), firstTokenMs: firstTokenMs ?? elapsed(), refused } };
  }
  return { reason: 'an answer that is not complete', refused };
}

function figuresOf(line: ChatLine): Omit<TurnFigures, 'firstTokenMs' | 'refused'> {
  const milliseconds = (nanoseconds = 0) => nanoseconds / 1e6;
  return {
    promptTokens: line.prompt_eval_count ?? 0,
    readMs: milliseconds(line.prompt_eval_duration),
    answerTokens: line.eval_count ?? 0,
    writeMs: milliseconds(line.eval_duration),
  };
}

/** Returns the seconds of a `Retry-After` header, within limits. */
function waitOf(header: string | null): number {
  const seconds = Number(header ?? DEFAULT_WAIT);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), LONGEST_WAIT) : DEFAULT_WAIT;
}
