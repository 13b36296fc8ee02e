import type { RunningModel } from '../checks/gpu-checks';
import type { Endpoint } from '../endpoint/endpoint';
import type { Context } from '../program/context';
import { CommandError } from '../program/exit-codes';
import { isObject } from '../program/value-path';

/** Form of a version. Other text of an endpoint is not in a proof. */
const VERSION = /^\d[\w.+-]{0,63}$/;

/** What an endpoint reports about itself. */
export interface EndpointFacts {
  /** Models that are loaded; undefined if the endpoint does not list them. */
  readonly running: readonly RunningModel[] | undefined;
  /** Version of Ollama; undefined if the endpoint does not report it. */
  readonly ollama: string | undefined;
}

/** Asks an endpoint about itself. No answer leaves a fact undefined: it must not cost the figures that were measured before. */
export async function readFacts({ signal }: Pick<Context, 'signal'>, endpoint: Endpoint): Promise<EndpointFacts> {
  const unlessRefused = <Answer>(answer: Promise<Answer>): Promise<Answer | undefined> =>
    answer.catch((error: unknown) => {
      signal.throwIfAborted();
      if (!(error instanceof CommandError)) throw error;
      return undefined;
    });
  const running = await unlessRefused(endpoint.models<RunningModel>('/api/ps'));
  const answer = await unlessRefused(endpoint.json<unknown>('/api/version'));
  const version = isObject(answer) ? answer['version'] : undefined;
  return { running, ollama: typeof version === 'string' && VERSION.test(version) ? version : undefined };
}
