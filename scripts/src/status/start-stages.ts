// https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions
import { coldStart, MODELS_CONTAINER, OLLAMA, type PoolSummary } from '@org/ollama-eks/pure';
import type { Node } from '../pools/pools';
import type { ContainerStatus, Pod } from '../pools/server-pods';
import type { LoggedStart } from './server-log';

/** One stage of the start of a server. */
export interface Stage {
  readonly stage: 'node' | 'attach' | 'image' | 'pull' | 'load' | 'answer';
  /** Null if it is not over, or not known. */
  readonly seconds: number | null;
  /** What was planned with; null if nothing was. */
  readonly plannedSeconds: number | null;
  /** Why the seconds are not known, or what they mean. */
  readonly note?: string;
}

/** What is known about the start of one server. */
export interface ObservedStart {
  readonly pod: Pod;
  readonly node: Node | undefined;
  /** When Auto Scaling started to launch the node's instance, in milliseconds, or why that is not known. */
  readonly launched: number | string;
  readonly log: LoggedStart;
}

type Measured = Pick<Stage, 'seconds' | 'note'>;

/** `scale resume` creates the server within this time after its node is ready, in milliseconds. A node that was ready earlier was not started for it. */
const RESUME = 5 * 60 * 1000;

/**
 * Returns the stages of the last start of a server, each from the end of the one before. A container that has restarted since then has
 * overwritten what Kubernetes recorded.
 */
export function startStages(start: ObservedStart, pool: PoolSummary | undefined): readonly Stage[] {
  const planned = pool && coldStart(pool);
  const stage = (name: Stage['stage'], measured: Measured, plannedSeconds: number | undefined): Stage => ({
    stage: name,
    ...measured,
    plannedSeconds: plannedSeconds ?? null,
  });
  const pull = pullStage(start);
  return [
    stage('node', nodeStage(start), planned?.node),
    stage('attach', attachStage(start), planned?.attach),
    stage('image', imageStage(start), planned?.image),
    stage('pull', pull, pull.seconds === 0 ? 0 : pool?.pullSeconds),
    stage('load', loadStage(start), planned?.load),
    stage('answer', answerStage(start), planned?.answer),
  ];
}

function nodeStage({ pod, node, launched }: ObservedStart): Measured {
  const scheduled = conditionTime(pod, 'PodScheduled');
  if (scheduled === undefined) return unknown('no node yet');
  if (node === undefined) return unknown('its node no longer exists');
  const [created, ready] = [timeOf(pod.metadata.creationTimestamp), conditionTime(node, 'Ready')];
  const registered = timeOf(node.metadata.creationTimestamp);
  if (created === undefined || registered === undefined) return unknown('its node is not described');
  const waited = created <= registered;
  if (!waited && created - (ready ?? registered) > RESUME) return { seconds: 0, note: 'the node was already running' };
  if (!waited && (ready === undefined || ready > scheduled)) return unknown('the node has not been ready all the time');
  if (typeof launched === 'string') return unknown(launched);
  return between(launched, waited ? scheduled : ready);
}

function attachStage({ pod }: ObservedStart): Measured {
  return between(conditionTime(pod, 'PodScheduled'), conditionTime(pod, SANDBOX));
}

function imageStage({ pod }: ObservedStart): Measured {
  const sidecar = containerOf(pod, MODELS_CONTAINER);
  if (isRestarted(sidecar)) return unknown(RESTARTED);
  return between(conditionTime(pod, SANDBOX), startedAt(sidecar));
}

function pullStage(start: ObservedStart): Measured {
  const { isPulledByJob, pullSeconds } = start.log;
  if (hasRestarted(start)) return unknown(RESTARTED);
  if (isPulledByJob) return unknown('a Job pulled the models: its log has the times');
  if (pullSeconds === undefined) return unknown(unanswered(start));
  return pullSeconds === 0 ? { seconds: 0, note: 'the models were on the volume' } : { seconds: pullSeconds };
}

function loadStage(start: ObservedStart): Measured {
  const { loadSeconds } = start.log;
  if (hasRestarted(start)) return unknown(RESTARTED);
  return loadSeconds === undefined ? unknown(unanswered(start)) : { seconds: loadSeconds };
}

/** All that is left between the start of the sidecar and its last answer. */
function answerStage(start: ObservedStart): Measured {
  const { answered, pullSeconds, loadSeconds } = start.log;
  if (hasRestarted(start)) return unknown(RESTARTED);
  const began = startedAt(containerOf(start.pod, MODELS_CONTAINER));
  if (answered === undefined || began === undefined || loadSeconds === undefined) return unknown(unanswered(start));
  if (pullSeconds === undefined) return unknown('the wait for the Job is part of it');
  return { seconds: Math.max(0, tenths((answered - began) / 1000 - pullSeconds - loadSeconds)) };
}

/** True once the volumes are mounted and the pod has its network. */
const SANDBOX = 'PodReadyToStartContainers';
const RESTARTED = 'a container has restarted since';

function hasRestarted({ pod }: ObservedStart): boolean {
  return [MODELS_CONTAINER, OLLAMA].some((name) => isRestarted(containerOf(pod, name)));
}

/** Kubernetes keeps only the newest file of a log, 10 MiB. */
function unanswered({ pod }: ObservedStart): string {
  return conditionTime(pod, 'Ready') === undefined ? 'not over yet' : 'the log no longer goes back to the start';
}

function containerOf({ status }: Pod, name: string): ContainerStatus | undefined {
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find(
    (container) => container.name === name,
  );
}

function isRestarted(container: ContainerStatus | undefined): boolean {
  return (container?.restartCount ?? 0) > 0;
}

function startedAt(container: ContainerStatus | undefined): number | undefined {
  return timeOf(container?.state?.running?.startedAt);
}

/** Returns when a condition became true; undefined if it is not. */
function conditionTime({ status }: Pod | Node, type: string): number | undefined {
  const condition = status.conditions?.find((one) => one.type === type && one.status === 'True');
  return timeOf(condition?.lastTransitionTime);
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Kubernetes records whole seconds, so an end may seem to come before its start. */
function between(start: number | undefined, end: number | undefined): Measured {
  if (start === undefined) return unknown('its start was not recorded');
  if (end === undefined) return unknown('not over yet, or not recorded');
  return { seconds: Math.max(0, tenths((end - start) / 1000)) };
}

function unknown(note: string): Measured {
  return { seconds: null, note };
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
