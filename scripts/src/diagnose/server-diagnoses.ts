import type { ServerFailure, ServerFailureCode } from '@org/ollama-eks/pure';

const TOO_LARGE = 'less contextLength or parallel, or an instance with more GPU memory: ollama-eks models inspect';

/** Reasons in the words of Ollama and of the registry, which stand at the end of a failure, and what mends them. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /no space left|disk full/i,
    'remove a model (ollama-eks models list), or enlarge the volume: cache.sizeGiB of the pool',
  ],
  [/file does not exist/i, 'there is no such tag: ollama-eks models check'],
  [/requires more system memory|out of memory|INT_MAX/i, TOO_LARGE],
];

const REGISTRY = 'the registry is not reached: the NAT gateway, and the NetworkPolicy ollama, must let HTTPS out';
const SERVER_LOG = 'see the log of Ollama: kubectl --namespace ollama logs --container ollama';

/** What mends each failure of a server's sidecar, unless Ollama gives a reason that says more. */
export const SERVER_DIAGNOSES: Readonly<Record<ServerFailureCode, string>> = {
  'pull-offline': 'put the model on the volume, or set modelPull to online while it is pulled',
  'pull-failed': REGISTRY,
  'pull-gave-up': REGISTRY,
  'digest-moved': 'pin the new digest of the tag (ollama-eks models check), or leave the digest out',
  'alias-failed': SERVER_LOG,
  'no-answer': `the model does not load in time: ${SERVER_LOG}`,
  'list-failed': `the server is busy, or hangs: ${SERVER_LOG}`,
  'not-loaded': 'another model has pushed it out of GPU memory: ollama-eks models list',
  'wrong-place': TOO_LARGE,
  'tag-differs': `the tag is created again from its alias: ${SERVER_LOG}`,
  'wrong-context': 'somebody asks for the model by another name than its alias: ollama-eks models list',
};

/** What mends a failure; undefined for one of another release. */
export function remedyOf({ code, message }: ServerFailure): string | undefined {
  const reason = REASONS.find(([pattern]) => pattern.test(message));
  return reason?.[1] ?? (code === undefined ? undefined : SERVER_DIAGNOSES[code]);
}
