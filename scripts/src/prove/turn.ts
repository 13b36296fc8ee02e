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
}

/** A turn that was answered, and the text that the next turn contains. */
export interface Answered {
  readonly figures: TurnFigures;
  readonly text: string;
}

/** A turn that was not answered, with the reason in words that contain nothing of what the server sent. */
export interface Unanswered {
  readonly reason: string;
}

/** Statuses of a server or gateway that is busy. */
const BUSY = [429, 503];
/** Seconds to wait if the answer does not say how many, and the most: a coding agent waits no longer. */
const DEFAULT_WAIT = 5;
const LONGEST_WAIT = 60;
/** Attempts of one turn: with the gateway's 10 seconds between them, a quarter of an hour. */
const ATTEMPTS = 90;

/** One line of an answer, of which nothing is known until it is checked. */
interface ChatLine {
  readonly message?: { readonly content?: unknown; readonly thinking?: unknown };
  readonly done?: boolean;
  readonly error?: unknown;
  readonly prompt_eval_count?: unknown;
  /** Nanoseconds. */
  readonly prompt_eval_duration?: unknown;
  readonly eval_count?: unknown;
  /** Nanoseconds. */
  readonly eval_duration?: unknown;
}

/** A refusal that asks the client to try again. */
interface Busy {
  readonly waitSeconds: number;
}

/** How a turn is asked. */
export interface TurnOptions {
  /** Headers that name the conversation. @default - none */
  readonly session?: Readonly<Record<string, string>>;
  /** Most tokens of the answer. @default 64 */
  readonly answerTokens?: number;
  /** Called each time that the turn is refused because all servers are busy. @default - refusals are not counted */
  readonly onRefused?: () => void;
}

/** Asks for the next answer of a conversation, and tries again as coding agents do while all servers are busy. */
export async function askTurn(
  { clock, signal }: Pick<Context, 'clock' | 'signal'>,
  endpoint: Endpoint,
  model: string,
  messages: readonly Message[],
  { session = {}, answerTokens = ANSWER_TOKENS, onRefused }: TurnOptions = {},
): Promise<Answered | Unanswered> {
  const started = clock.now();
  const body = { model, messages, stream: true, truncate: false, options: { num_predict: answerTokens } };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const result = await endpoint
      .stream<Answered | Unanswered | Busy>('/api/chat', { body, headers: session }, (response) =>
        read(response, () => clock.now() - started),
      )
      .catch((error: unknown): Unanswered => {
        signal.throwIfAborted();
        if (!(error instanceof NoAnswerError)) throw error;
        return { reason: 'no complete answer' };
      });
    if (!('waitSeconds' in result)) return result;
    onRefused?.();
    await clock.sleep(result.waitSeconds * 1000, signal);
  }
  return { reason: `refused ${String(ATTEMPTS)} times` };
}

async function read(response: StreamedResponse, elapsed: () => number): Promise<Answered | Unanswered | Busy> {
  const { status, headers, lines } = response;
  if (status !== 200) await textOf(response);
  if (BUSY.includes(status)) return { waitSeconds: waitOf(headers.get('retry-after')) };
  if (status !== 200) return { reason: `status ${String(status)}` };
  let [text, firstTokenMs] = ['', undefined as number | undefined];
  for await (const data of lines) {
    const line = parse<ChatLine>(data);
    if (line?.error !== undefined) return { reason: 'an error within the answer' };
    const content = textIn(line?.message?.content);
    const thinking = textIn(line?.message?.thinking);
    if (content + thinking !== '') firstTokenMs ??= elapsed();
    text += content;
    if (line?.done === true) return { text, figures: { ...figuresOf(line), firstTokenMs: firstTokenMs ?? elapsed() } };
  }
  return { reason: 'an answer that is not complete' };
}

function figuresOf(line: ChatLine): Omit<TurnFigures, 'firstTokenMs'> {
  return {
    promptTokens: figureOf(line.prompt_eval_count),
    readMs: figureOf(line.prompt_eval_duration) / 1e6,
    answerTokens: figureOf(line.eval_count),
    writeMs: figureOf(line.eval_duration) / 1e6,
  };
}

/** Returns text; none for anything else. */
function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Returns a figure; 0 for anything else, so that no text of an answer is in a proof. */
function figureOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** Returns the seconds of a `Retry-After` header, within limits. */
function waitOf(header: string | null): number {
  const seconds = Number(header ?? DEFAULT_WAIT);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), LONGEST_WAIT) : DEFAULT_WAIT;
}
