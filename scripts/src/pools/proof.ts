// https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
import { MODEL_PROVER, NAME_LABEL, NOT_PROVEN, OLLAMA } from '@org/ollama-eks/pure';
import { ended, newest, newestPod, type Job } from '../systems/jobs';
import type { Kubectl } from '../systems/kubectl';
import { isReady, serverPods, type Pod } from './server-pods';

/** Annotation of the prover's Job: when every model answered after it, because servers were resumed. */
const ANSWERED_AT = 'ollama-eks/answered-at';

/** What to report if no server exists that could prove anything. */
export const NOTHING_PROVEN = `${NOT_PROVEN}: servers are scaled to zero; ollama-eks scale resume starts them, and asks every model`;

/** Whether every model has answered since the last change. */
export interface Proof {
  readonly state: 'proven' | 'not proven' | 'failed' | 'running' | 'unknown';
  readonly detail: string;
}

/**
 * Reads the result of the newest Job that proves that every model answers; undefined if none is kept. A Job that found no server has
 * succeeded, too. It counts as proven once a server is ready, since a server is ready when every model has answered there.
 */
export async function readProof(kubectl: Kubectl): Promise<Proof | undefined> {
  const job = await newestJob(kubectl);
  if (job === undefined) return undefined;
  const name = `Job ${job.metadata.name}`;
  const failure = ended(job, 'Failed');
  if (failure === undefined && ended(job, 'Complete') === undefined)
    return { state: 'running', detail: `${name} is running` };
  const result = await resultOf(kubectl, job.metadata.name);
  if (failure !== undefined) {
    return { state: 'failed', detail: `${name}: ${result ?? failure.message ?? failure.reason ?? 'failed'}` };
  }
  if (result === undefined) return { state: 'unknown', detail: `${name} has ended, and its pod is deleted` };
  if (!result.startsWith(NOT_PROVEN)) {
    return { state: 'proven', detail: `every model answered at ${job.status?.completionTime ?? 'an unknown time'}` };
  }
  const answered = job.metadata.annotations?.[ANSWERED_AT];
  if (answered !== undefined) return { state: 'proven', detail: `every model answered at ${answered}, after a resume` };
  const isServed = (await serverPods(kubectl)).some(isReady);
  return isServed
    ? { state: 'proven', detail: 'every model has answered on a server that is ready' }
    : { state: 'not proven', detail: result };
}

/** Records with the newest Job that every model has answered, so that this stays known when no server is left. */
export async function recordAnswer(kubectl: Kubectl, now: number): Promise<void> {
  const job = await newestJob(kubectl);
  if (job === undefined) return;
  const annotations = { [ANSWERED_AT]: new Date(now).toISOString() };
  await kubectl.patch('jobs.batch', job.metadata.name, OLLAMA, { metadata: { annotations } });
}

/** Returns what the Job's container wrote as its termination message; for a failure, the end of its log. */
async function resultOf(kubectl: Kubectl, job: string): Promise<string | undefined> {
  const pod = await newestPod<Pod>(kubectl, job, OLLAMA);
  return pod?.status.containerStatuses?.[0]?.state?.terminated?.message?.trim();
}

async function newestJob(kubectl: Kubectl): Promise<Job | undefined> {
  return newest(await kubectl.list<Job>('jobs.batch', OLLAMA, `${NAME_LABEL}=${MODEL_PROVER}`));
}
