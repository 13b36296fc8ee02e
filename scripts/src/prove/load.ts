import { randomUUID } from 'node:crypto';
import { SESSION_HEADER } from '@org/ollama-eks/pure';
import type { Endpoint } from '../endpoint/endpoint';
import type { Context } from '../program/context';
import { type ConversationPlan, type Message, nextMessage } from './conversation';
import { askTurn, type TurnFigures } from './turn';

/** Conversations of several clients at once. */
export interface Load {
  readonly clients: number;
  /** Turns that were answered, by client. */
  readonly conversations: readonly (readonly TurnFigures[])[];
  /** Refusals of turns, those that were answered later included. */
  readonly refused: number;
  /** Why conversations ended early, one reason for each. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

/** How far a load is. */
export interface LoadProgress {
  readonly done: number;
  readonly of: number;
  readonly refused: number;
}

/** Runs a conversation for each client, all at once; each has its own session, and its own text from the first token on. */
export async function runLoad(
  context: Pick<Context, 'clock' | 'signal'>,
  endpoint: Endpoint,
  model: string,
  plan: ConversationPlan,
  clients: number,
  progress: (state: LoadProgress) => void,
): Promise<Load> {
  const started = context.clock.now();
  const state = { done: 0, of: clients * plan.turns, refused: 0 };
  const failures: string[] = [];
  const converse = async (): Promise<readonly TurnFigures[]> => {
    const session = { [SESSION_HEADER]: randomUUID() };
    const onRefused = (): void => {
      state.refused += 1;
      progress(state);
    };
    const turns: TurnFigures[] = [];
    let messages: readonly Message[] = [];
    for (let turn = 1; turn <= plan.turns; turn += 1) {
      messages = [...messages, nextMessage(plan, turn)];
      const result = await askTurn(context, endpoint, model, messages, { session, onRefused });
      if ('reason' in result) {
        failures.push(result.reason);
        return turns;
      }
      turns.push(result.figures);
      messages = [...messages, { role: 'assistant', content: result.text }];
      state.done += 1;
      progress(state);
    }
    return turns;
  };
  progress(state);
  const conversations = await Promise.all(Array.from({ length: clients }, converse));
  const seconds = (context.clock.now() - started) / 1000;
  return { clients, conversations, refused: state.refused, failures, seconds };
}
