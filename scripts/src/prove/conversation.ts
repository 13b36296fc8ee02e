import { randomBytes } from 'node:crypto';
import { UsageError } from '../program/errors';

/** Tokens of one answer: a short reply of a coding agent. */
export const ANSWER_TOKENS = 64;
/** Share of the context that a conversation uses, and the most tokens: enough to show the cache, and not an hour of reading. */
const CONTEXT_SHARE = 0.75;
const MOST_TOKENS = 16_384;

/** A message, as Ollama's API has it. */
export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** Lines of code that a coding agent sends. */
export interface ConversationPlan {
  readonly turns: number;
  /** Lines of the first prompt: instructions, and the files that the agent reads at its start. */
  readonly openingLines: number;
  /** Lines that each turn adds: a file that the agent has read. */
  readonly turnLines: number;
}

/**
 * Plans a conversation that fits a context.
 * @param perLine tokens of a line, as the model counts them
 * @throws UsageError if the context is too small for that many turns
 */
export function planConversation(contextLength: number, turns: number, perLine: number): ConversationPlan {
  const tokens = Math.min(contextLength * CONTEXT_SHARE, MOST_TOKENS);
  const lines = Math.floor((tokens - turns * ANSWER_TOKENS) / perLine);
  const turnLines = Math.floor(lines / 2 / turns);
  if (turnLines < 1)
    throw new UsageError(`a conversation of ${String(turns)} turns does not fit ${String(contextLength)} tokens`, {
      remedy: 'pass fewer --turns, or another --model',
    });
  return { turns, openingLines: lines - turns * turnLines, turnLines };
}

/**
 * Returns what the agent sends in a turn, counted from 1: another file, and in the first turn also those that it reads at its start. The
 * first one starts with random text, so that no part of it is cached, and no other client shares it. Some templates drop system messages
 * or two messages of one role in a row, so there are none.
 */
export function nextMessage({ openingLines, turnLines }: ConversationPlan, turn: number): Message {
  const isFirst = turn === 1;
  const from = isFirst ? 0 : openingLines + (turn - 1) * turnLines;
  const code = codeLines(from, isFirst ? openingLines + turnLines : turnLines);
  return { role: 'user', content: isFirst ? `// agent ${randomBytes(8).toString('hex')}\n${code}` : code };
}

function codeLines(from: number, count: number): string {
  const line = (number: number) => `const field${String(number).padStart(5, '0')} = read(source, ${String(number)});`;
  return Array.from({ length: count }, (_, index) => line(from + index)).join('\n');
}
