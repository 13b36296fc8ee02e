import { randomUUID } from 'node:crypto';
import type { Clock, Context } from '../program/context';
import {
  fail,
  ok,
  printFindings,
  requireOk,
  runChecks,
  skipped,
  warn,
  type Check,
  type Outcome,
} from '../checks/findings';
import type { Endpoint } from '../endpoint/endpoint';
import { ask, judgeCall, TOOL_PROMPT, type Answered } from '../checks/tool-checks';
import { TOOL_FORMS } from '../checks/tool-forms';
import type { Connection, Tool } from './tool-config';
import type { Entry } from './entry';
import { stateOf } from './restore';
import { readUserFile } from '../program/user-file';

/** Tokens of the first prompt: enough that reading it takes a measurable time. A line of the prompt has about 24. */
const PROMPT_TOKENS = 4096;
const LINE_TOKENS = 24;

/** Shortest first turn, in milliseconds, that the second one can be compared with. */
const MEASURABLE = 300;

/** A tool, and what it is checked with. */
export interface Subject {
  readonly tool: Tool;
  readonly connection: Connection;
  readonly endpoint: Endpoint;
  /** Files that were written for the tool. */
  readonly entries: readonly Entry[];
}

/** Holds a conversation of two turns, as the tool does, and reports findings. */
export async function checkTool(context: Context, subject: Subject): Promise<void> {
  const findings = await runChecks(context, checksOf(subject, context.clock));
  printFindings(context, findings);
  requireOk(findings, `client check ${subject.tool.name}`);
}

function checksOf({ tool, connection, endpoint, entries }: Subject, clock: Clock): readonly Check[] {
  const { sessionHeader } = tool;
  const form = TOOL_FORMS[tool.form];
  const { alias, contextLength } = connection.model;
  const session = sessionHeader === undefined ? {} : { [sessionHeader]: randomUUID() };
  const prompt = longPrompt(Math.min(PROMPT_TOKENS, contextLength / 4));
  let first: Answered | undefined;
  return [
    {
      id: 'file',
      title: 'the configuration is in place',
      run: () => Promise.resolve(judgeFiles(tool, connection, entries)),
    },
    {
      id: 'tool-call',
      title: `${alias} calls a tool in a streamed answer, ${form.title}`,
      run: async () => {
        const answered = await ask(endpoint, form, form.body(alias, prompt), clock, session);
        const outcome = answered.problem ?? judgeCall(form.path, answered.turn);
        if (outcome.status === 'ok') first = answered;
        return outcome;
      },
    },
    {
      id: 'second-turn',
      title: 'the model reads the result of the call, and the server reuses the prompt',
      run: async () => {
        if (first === undefined) return skipped('no tool was called');
        const second = await ask(endpoint, form, form.body(alias, prompt, first.turn), clock, session);
        if (second.problem !== undefined) return second.problem;
        if (second.turn.text === '') return fail(`${form.path}: no text after the result of the tool call`);
        return judgeCache(first.firstPiece, second.firstPiece);
      },
    },
  ];
}

function judgeFiles({ name }: Tool, { url, model }: Connection, entries: readonly Entry[]): Outcome {
  const remedy = `ollama-eks client ${name}`;
  if (entries.length === 0) return warn('the tool is not configured here', remedy);
  const changed = entries.filter((entry) => stateOf(entry, readUserFile(entry.file)) !== 'as written');
  if (changed.length > 0) return warn(`changed since: ${changed.map(({ file }) => file).join(', ')}`, remedy);
  const other = entries.find((entry) => entry.url !== url || entry.model !== model.alias);
  if (other !== undefined) return warn(`${other.file} is configured for ${other.model} at ${other.url}`, remedy);
  return ok(entries.map(({ file }) => file).join(', '));
}

function judgeCache(first: number, second: number): Outcome {
  const evidence = { firstTurnSeconds: first / 1000, secondTurnSeconds: second / 1000 };
  const figures = `first piece after ${seconds(second)}, in the first turn after ${seconds(first)}`;
  if (first < MEASURABLE) return ok(`${figures}: too short to see whether the prompt was read again`, evidence);
  if (second < first / 2) return ok(figures, evidence);
  return warn(
    `${figures}: the prompt was read again`,
    'another request came in between, or another server answered; set more parallel slots, or sessionHeader of the cluster',
    evidence,
  );
}

/** Returns a different prompt each time, so that it is not in the cache. */
function longPrompt(tokens: number): string {
  const session = randomUUID();
  const lines = Array.from(
    { length: Math.ceil(tokens / LINE_TOKENS) },
    (_, index) => `${String(index)} of ${session}: nothing in this line matters, go on to the next.`,
  );
  return [...lines, TOOL_PROMPT].join('\n');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
