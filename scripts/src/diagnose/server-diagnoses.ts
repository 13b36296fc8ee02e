import type { ServerFailure, ServerFailureCode } from '@org/ollama-eks/pure';
import { TOO_LARGE } from '../checks/gpu-checks';

/** Reasons of Ollama and of the registry, which a failure ends with, and how to fix them. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /no space left|disk full/i,
    'remove a model (ollama-eks models list), or enlarge the volume: cache.sizeGiB of the pool',
  ],
  [/file does not exist/i, 'the registry does not have this tag: ollama-eks models check NAME'],
  [/requires more system memory|out of memory|INT_MAX/i, TOO_LARGE],
];

const REGISTRY =
  'the registry cannot be reached: the NAT gateway and the NetworkPolicies of namespace ollama must allow HTTPS to it';
const SERVER_LOG =
  'see the log of Ollama: kubectl --namespace ollama logs --selector app.kubernetes.io/name=ollama --container ollama --prefix --tail 100';

/** How to fix each failure of a server's sidecar, unless Ollama gives a more specific reason. */
export const SERVER_DIAGNOSES: Readonly<Record<ServerFailureCode, string>> = {
  'pull-offline': 'copy the model to the volume, or set modelPull to online until it is pulled',
  'pull-awaited': 'see the Job: kubectl --namespace ollama logs --selector app.kubernetes.io/name=ollama-model-puller',
  'pull-failed': REGISTRY,
  'pull-gave-up': REGISTRY,
  'digest-moved': 'pin the new digest of the tag (ollama-eks models check NAME), or omit the digest',
  'alias-failed': SERVER_LOG,
  'no-answer': `the model does not load or answer in time: ${SERVER_LOG}`,
  'answer-failed': SERVER_LOG,
  'list-failed': `the server is busy or hangs: ${SERVER_LOG}`,
  'not-loaded': 'another model has displaced it from GPU memory: ollama-eks models list',
  'runner-gone': `the process of a model crashes repeatedly: ${SERVER_LOG}`,
  'runner-hung': `the server is restarted; if this happens again, look for GPU errors (Xid): ${SERVER_LOG}`,
  'wrong-place': TOO_LARGE,
  'tag-differs': `the tag is created again from its alias: ${SERVER_LOG}`,
  'wrong-context': 'a client requests the model by a name other than its alias: ollama-eks models list',
};

/** Returns how to fix a failure; undefined for a failure of another release. */
export function remedyOf({ code, message }: ServerFailure): string | undefined {
  const reason = REASONS.find(([pattern]) => pattern.test(message));
  return reason?.[1] ?? (code === undefined ? undefined : SERVER_DIAGNOSES[code]);
}
