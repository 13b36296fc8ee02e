import { excerpt, type Endpoint } from '../endpoint/endpoint';
import type { ServedModel } from '../endpoint/served-model';
import type { Clock } from '../program/context';
import { parse } from '../program/json';
import { counted } from '../program/words';
import { askModel, refusal, textOf } from './answers';
import { API_FORMS, type ApiForm } from './api-forms';
import { fail, ok, warn, type Check, type Outcome } from './findings';
import { remedyOf } from './kong-checks';

/** Asks for little text: the checks measure the path, not the model. */
const PROMPT = 'Answer with one word: ready';
const MAX_TOKENS = 16;

/** Without the models that should answer, a check that finds no failure proves nothing. */
export const MODELS_UNKNOWN = 'the models that should answer are not known';
export const NAME_MODELS = 'ollama-eks verify --model NAME';

/** Returns checks that every model is listed and answers in every API format. */
export function apiChecks(endpoint: Endpoint, models: readonly ServedModel[], clock: Clock): readonly Check[] {
  return [
    { id: 'tags', title: 'every model is listed', run: () => tags(endpoint, models) },
    ...models
      .filter(({ embedding }) => !embedding)
      .flatMap(({ alias }) => Object.values(API_FORMS).map((form) => checkOf(endpoint, form, alias, clock))),
    ...models
      .filter(({ embedding }) => embedding)
      .map(({ alias }) => ({
        id: `embed ${alias}`,
        title: `${alias} creates embeddings`,
        run: () => embed(endpoint, alias),
      })),
  ];
}

/** Returns checks that every model answers, in Ollama's own format only. */
export function chatChecks(endpoint: Endpoint, models: readonly ServedModel[], clock: Clock): readonly Check[] {
  return models
    .filter(({ embedding }) => !embedding)
    .map(({ alias }) => checkOf(endpoint, API_FORMS.chat, alias, clock));
}

function checkOf(endpoint: Endpoint, form: ApiForm, alias: string, clock: Clock): Check {
  return {
    id: `${form.id} ${alias}`,
    title: `${alias} ${form.title}`,
    run: () => answers(endpoint, form, alias, clock),
  };
}

async function tags(endpoint: Endpoint, models: readonly ServedModel[]): Promise<Outcome> {
  const { status, body } = await endpoint.send('GET', '/api/tags');
  const listed = parse<{ models?: readonly { name: string }[] }>(body)?.models;
  if (status !== 200 || listed === undefined) {
    return fail(`/api/tags answers ${String(status)}: ${excerpt(body)}`, remedyOf(status, body));
  }
  const names = listed.map(({ name }) => name);
  if (models.length === 0)
    return warn(`listed: ${names.join(', ') || 'none'}; ${MODELS_UNKNOWN}`, NAME_MODELS, { names });
  const missing = models.map(({ alias }) => alias).filter((alias) => !names.includes(alias));
  if (missing.length === 0) return ok(models.map(({ alias }) => alias).join(', '), { names });
  return fail(
    `missing: ${missing.join(', ')}; listed: ${names.join(', ') || 'none'}`,
    'the server is still pulling, or its pull failed: ollama-eks diagnose',
    { names, missing },
  );
}

async function answers(endpoint: Endpoint, form: ApiForm, model: string, clock: Clock): Promise<Outcome> {
  const answer = await askModel(endpoint, form, { model, prompt: PROMPT, maxTokens: MAX_TOKENS }, clock);
  if ('status' in answer) return answer;
  return ok(`first token after ${seconds(answer.firstToken)}`, { firstTokenSeconds: answer.firstToken / 1000 });
}

async function embed(endpoint: Endpoint, model: string): Promise<Outcome> {
  return endpoint.stream('/api/embed', { body: { model, input: PROMPT } }, async (response) => {
    if (response.status !== 200) return refusal('/api/embed', response);
    const answer = parse<{ embeddings?: readonly (readonly number[])[] }>(await textOf(response));
    const size = answer?.embeddings?.[0]?.length ?? 0;
    return size > 0
      ? ok(counted(size, 'number'))
      : fail('/api/embed: the answer has no numbers', 'ollama-eks diagnose');
  });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
