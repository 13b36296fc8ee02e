import { linesOf, nextSteps } from './next-steps';
import type { ProjectSpec } from './project-spec';

/** Returns the README of a project. */
export function readmeFile(spec: ProjectSpec): string {
  const { clusterName, region, model, contextLength, parallel, instanceType } = spec;
  return `# ${clusterName}-platform

A private Ollama endpoint on EKS in ${region}: \`${model}\` with ${contextLength.toLocaleString('en-US')} tokens for ${requests(parallel)}, on
\`${instanceType}\`${callers(spec)}. [main.ts](main.ts) is the whole installation, built with
[ollama-eks](https://github.com/org/ollama-eks).

\`npm run synth\` prints what the installation consists of, what it costs, and who may call it.

## Deploy

\`\`\`bash
${linesOf(nextSteps(spec)).join('\n')}
\`\`\`

Secrets come from the environment or from \`.env\`, which Git ignores: see [.env.example](.env.example).

## Change

Edit [main.ts](main.ts). \`npm run check\` checks its types, and \`ollama-eks diff\` names what a deployment would change and lose.${tree(spec)}

## Day to day

In a new shell, set \`PATH\` as above first.

\`\`\`bash
ollama-eks status
ollama-eks diagnose       # finds what does not work, and how to fix it
ollama-eks client local   # forwards port 11434 to the model
ollama-eks scale zero     # no GPU nodes until \`scale resume\`
ollama-eks destroy        # lists what it deletes, asks, and searches for leftovers
\`\`\`

Terraform's state is in \`terraform.*.tfstate\`, which Git ignores. It contains private keys: set \`backend\` of the stacks
before a second person deploys.
`;
}

function requests(parallel: number): string {
  return parallel === 1 ? 'one request at a time' : `${String(parallel)} simultaneous requests`;
}

function callers({ exposure }: ProjectSpec): string {
  return exposure.kind === 'kong'
    ? ', behind Kong, which checks keys and limits'
    : `, for callers from ${exposure.callerCidrs.join(', ')}, without keys`;
}

function tree({ delivery, clusterName }: ProjectSpec): string {
  if (delivery.kind === 'helm') return '';
  return `
Then run \`ollama-eks render\`, commit \`argocd/${clusterName}\`, and tag the commit with a new name in \`GITOPS_REVISION\`.`;
}
