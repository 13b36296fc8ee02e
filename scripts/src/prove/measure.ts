import type { Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import type { Context } from '../program/context';
import { CommandError, ExitCode } from '../program/exit-codes';
import { counted } from '../program/words';
import { type ConversationPlan, nextMessage, planConversation } from './conversation';
import { loadProof, readingRate } from './figures';
import { runLoad, type LoadProgress } from './load';
import type { LoadProof, ModelProof } from './proof';
import { askTurn } from './turn';

/** Lines of the prompt by which the tokens of a line are counted: short enough for every context. */
const COUNTED_LINES = 16;
/** Seconds of a turn that are expected until one was measured. */
const TURN_SECONDS = 3;

/** A model, and the conversations by which it is measured. */
export interface ModelPlan {
  readonly model: ServedModel;
  readonly conversation: ConversationPlan;
}

/** Plans the conversations of a model, which also loads it. Throws CommandError if it does not answer. */
export async function planModel(
  context: Pick<Context, 'clock' | 'signal'>,
  endpoint: Endpoint,
  model: ServedModel,
  turns: number,
): Promise<ModelPlan> {
  const perLine = await tokensOfLine(context, endpoint, model.alias);
  return { model, conversation: planConversation(model.contextLength, turns, perLine) };
}

/**
 * Measures a model: the same kind of conversation with each number of clients.
 * @param clients numbers of clients, in ascending order
 */
export async function measureModel(
  context: Pick<Context, 'clock' | 'signal' | 'reporter'>,
  endpoint: Endpoint,
  { model: { alias, contextLength }, conversation }: ModelPlan,
  clients: readonly number[],
): Promise<ModelProof> {
  const { reporter, clock } = context;
  const { turns } = conversation;
  const loads: LoadProof[] = [];
  let rate: number | undefined;
  let turnSeconds = TURN_SECONDS;
  for (const number of clients) {
    const step = `${alias} × ${String(number)}`;
    const started = clock.now();
    reporter.started(step, `${counted(number, 'conversation')} of ${counted(turns, 'turn')} at once`, 0);
    const load = await runLoad(context, endpoint, alias, conversation, number, (state) => {
      reporter.waiting({
        step,
        elapsedSeconds: (clock.now() - started) / 1000,
        expectedSeconds: turnSeconds * turns * number,
        waitsFor: progressText(state),
      });
    }).finally(() => reporter.waited(step));
    rate ??= readingRate(load);
    const proof = loadProof(load, rate);
    loads.push(proof);
    if (proof.turns > 0) turnSeconds = load.seconds / proof.turns;
    reporter.finished(step, outcomeText(proof));
  }
  return { model: alias, contextLength, loads };
}

/** Counts the tokens of a line, with a share of those that the template adds. */
async function tokensOfLine(
  context: Pick<Context, 'clock' | 'signal'>,
  endpoint: Endpoint,
  model: string,
): Promise<number> {
  const prompt = nextMessage({ turns: 1, openingLines: 0, turnLines: COUNTED_LINES }, 1);
  const result = await askTurn(context, endpoint, model, [prompt], { answerTokens: 1 });
  if ('figures' in result && result.figures.promptTokens > 0) return result.figures.promptTokens / COUNTED_LINES;
  const reason = 'reason' in result ? result.reason : 'the answer does not report how many tokens were read';
  throw new CommandError(ExitCode.failedState, `${model} cannot be measured: ${reason}`, {
    remedy: 'run ollama-eks verify first',
  });
}

function progressText({ done, of, refused }: LoadProgress): string {
  const turns = `${String(done)} of ${counted(of, 'turn')} answered`;
  return refused === 0 ? turns : `${turns}, ${String(refused)} refused and tried again`;
}

function outcomeText({ turns, firstTokenMs, allTokensPerSecond, failures }: LoadProof): string {
  const failed = failures.length === 0 ? '' : `, ${counted(failures.length, 'conversation')} failed`;
  return `${counted(turns, 'turn')}, first token after ${String(firstTokenMs.p50)} ms (p95 ${String(firstTokenMs.p95)} ms), ${String(allTokensPerSecond)} tokens/s${failed}`;
}
