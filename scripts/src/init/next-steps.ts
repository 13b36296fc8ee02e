import { shellLine } from '../program/shell-words';
import type { ProjectSpec } from './project-spec';

/** Release of the repository that is deployed first. */
export const FIRST_REVISION = 'v0.1.0';

/** A command line, with what it does if that is not obvious. */
interface Step {
  readonly line: string;
  readonly does?: string;
}

/** Lists the commands in the folder of a project that lead to an endpoint, in order, ready to run. */
export function nextSteps(spec: ProjectSpec): readonly Step[] {
  return [
    { line: 'npm install' },
    { line: 'export PATH="$PWD/node_modules/.bin:$PATH"', does: 'for ollama-eks' },
    { line: 'npm run synth', does: 'shows what is created and what it costs' },
    ...(spec.exposure.kind === 'kong'
      ? [
          {
            line: 'export KONNECT_TOKEN=…',
            does: 'a Konnect token that may provision; or set KONNECT_TOKEN_FILE',
          },
        ]
      : []),
    {
      line: 'export ADMIN_CIDRS="$(curl -s https://checkip.amazonaws.com)/32"',
      does: 'who may call the Kubernetes API',
    },
    { line: 'ollama-eks doctor', does: 'tools, accounts, quotas, ranges' },
    ...gitSteps(spec),
    { line: 'ollama-eks deploy', does: 'shows its steps, and asks' },
  ];
}

function gitSteps({ delivery, clusterName }: ProjectSpec): readonly Step[] {
  if (delivery.kind === 'helm') return [];
  return [
    {
      line: 'ollama-eks render',
      does: `writes argocd/${clusterName}, which Argo CD reads from the root of the repository`,
    },
    {
      line: `git init -b main && ${shellLine('git', 'remote', 'add', 'origin', delivery.repository)}`,
      does: 'unless it is already a clone',
    },
    { line: `git add -A && git commit -m 'Deploy ${clusterName}' && git tag ${FIRST_REVISION}` },
    { line: `git push origin HEAD ${FIRST_REVISION}`, does: 'Argo CD must be able to read it' },
  ];
}

/** Formats steps as lines of a shell script. */
export function linesOf(steps: readonly Step[]): readonly string[] {
  return steps.map(({ line, does }) => (does === undefined ? line : `${line}  # ${does}`));
}
