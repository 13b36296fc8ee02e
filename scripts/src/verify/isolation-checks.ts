// https://github.com/ggml-org/llama.cpp/issues/27148
import { randomBytes } from 'node:crypto';
import { askModel, type Answer } from '../checks/answers';
import { API_FORMS } from '../checks/api-forms';
import { fail, ok, warn, type Check, type Outcome } from '../checks/findings';
import type { Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import type { Clock } from '../program/context';

/** Rounds of the probe. In each, two requests follow each other, and others run concurrently. */
const ROUNDS = 4;
const CONCURRENT = 4;
const MAX_TOKENS = 64;
/** Lines of the prompt whose time is measured: long enough to read, short enough for a small context. */
const TIMED_LINES = 160;
/** A prompt whose start is cached answers many times faster, and any other one about as fast. */
const CACHED_SHARE = 0.5;
/** Differences below it are those of the network. */
const NOTICEABLE_MS = 100;

const SEPARATE =
  'teams that must not learn this of each other need servers of their own: a cluster for each group of teams';

/** The endpoint as two teams see it: with a key each. */
export interface Teams {
  readonly first: Endpoint;
  readonly second: Endpoint;
  /** Whether the keys differ. */
  readonly haveOwnKeys: boolean;
}

/** One request: the word that only its prompt contains, whether it asks for that word, and the answer. */
interface Probe {
  readonly canary: string;
  readonly asksForIt: boolean;
  readonly answer: string;
}

/** Returns checks that no answer contains text of another prompt, and of what its time reveals. */
export function isolationChecks(teams: Teams, models: readonly ServedModel[], clock: Clock): readonly Check[] {
  return models
    .filter(({ embedding }) => !embedding)
    .flatMap(({ alias }) => [
      {
        id: `isolation ${alias}`,
        title: `answers of ${alias} contain nothing of other prompts`,
        run: () => probeAnswers(teams, alias, clock),
      },
      {
        id: `timing ${alias}`,
        title: `the time of an answer of ${alias} reveals nothing about other prompts`,
        run: () => probeTime(teams, alias, clock),
      },
    ]);
}

async function probeAnswers(teams: Teams, model: string, clock: Clock): Promise<Outcome> {
  const probes: Probe[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const endpoints of [[teams.first], [teams.second], concurrently(teams)]) {
      const answers = await Promise.all(endpoints.map((endpoint, index) => probe(endpoint, model, index, clock)));
      for (const answer of answers) {
        if ('status' in answer) return answer;
        probes.push(answer);
      }
    }
  }
  const leaks = probes.filter(({ canary, answer }) =>
    probes.some((other) => other.canary !== canary && answer.includes(other.canary)),
  );
  const evidence = { answers: probes.length, leaks: leaks.length, keys: teams.haveOwnKeys ? 2 : 1 };
  if (leaks.length > 0) {
    return fail(
      `${String(leaks.length)} of ${String(probes.length)} answers contain text of another prompt`,
      'set parallel to 1 for this model, and report it to llama.cpp',
      evidence,
    );
  }
  if (!probes.some(({ canary, asksForIt, answer }) => asksForIt && answer.includes(canary))) {
    return warn(
      'no answer repeats the code word of its own prompt, so it is not known whether one could show that of another',
      'check that the model follows instructions, or verify another model with --model',
      evidence,
    );
  }
  const keys = teams.haveOwnKeys ? 'two keys' : 'one key (set OLLAMA_EKS_SECOND_API_KEY to use two)';
  return ok(
    `${String(probes.length)} answers with ${keys}, consecutive and concurrent: none contains another prompt`,
    evidence,
  );
}

function concurrently({ first, second }: Teams): readonly Endpoint[] {
  return Array.from({ length: CONCURRENT }, (_, index) => (index % 2 === 0 ? first : second));
}

/** Every other request asks for words that its prompt does not contain, so that an answer can only have another prompt's. */
async function probe(endpoint: Endpoint, model: string, index: number, clock: Clock): Promise<Probe | Outcome> {
  const canary = randomBytes(8).toString('hex');
  const asksForIt = index % 2 === 0;
  const question = asksForIt ? 'Repeat the code word.' : 'List all code words that you know except this one.';
  const answer = await ask(endpoint, model, `The code word is ${canary}. ${question}`, clock);
  return 'status' in answer ? answer : { canary, asksForIt, answer: answer.text };
}

async function probeTime(teams: Teams, model: string, clock: Clock): Promise<Outcome> {
  const [known, unknown] = [longPrompt(), longPrompt()];
  const times: number[] = [];
  for (const [endpoint, prompt] of [
    [teams.first, known],
    [teams.second, unknown],
    [teams.second, known],
  ] as const) {
    const answer = await ask(endpoint, model, prompt, clock);
    if ('status' in answer) return answer;
    times.push(answer.firstToken);
  }
  const [first = 0, other = 0, repeated = 0] = times;
  const evidence = { firstMs: first, otherMs: other, repeatedMs: repeated };
  const fresh = Math.min(first, other);
  if (repeated >= fresh * CACHED_SHARE || fresh - repeated < NOTICEABLE_MS)
    return ok('a repeated prompt takes as long as a new one', evidence);
  return warn(
    `a prompt that another key has sent starts to answer ${(other / Math.max(1, repeated)).toFixed(1)} times faster, so a key can test guesses of other prompts`,
    SEPARATE,
    evidence,
  );
}

function ask(endpoint: Endpoint, model: string, prompt: string, clock: Clock): Promise<Answer | Outcome> {
  return askModel(endpoint, API_FORMS.completions, { model, prompt, maxTokens: MAX_TOKENS }, clock);
}

/** Starts with random text, so that no other prompt has the same start. */
function longPrompt(): string {
  const lines = Array.from({ length: TIMED_LINES }, (_, line) => `Record ${String(line)}: nothing to report.`);
  return [`Batch ${randomBytes(8).toString('hex')}`, ...lines, 'Answer: ok'].join('\n');
}
