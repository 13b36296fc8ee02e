import type { InitFlags } from '../init/ask';
import { command } from '../program/command';
import { LISTED } from './listed';

/** `init`: a new project. */
export const init = command<InitFlags>({
  ...LISTED.init,
  arguments: [{ name: '[directory]', summary: 'empty folder to write to', otherwise: 'the current folder' }],
  options: [
    { name: '--vpc <id>', summary: 'existing VPC, or "new"', otherwise: 'asked; new' },
    { name: '--vpc-cidr <cidr>', summary: 'IPv4 range of the existing VPC', otherwise: 'asked' },
    { name: '--subnets <ids>', summary: 'private subnets of the existing VPC, one in each zone', otherwise: 'asked' },
    {
      name: '--transit-subnets <ids>',
      summary: 'subnets of the existing VPC for the transit gateway, with Kong',
      otherwise: 'asked',
    },
    {
      name: '--route-tables <ids>',
      summary: 'route tables of the private subnets of the existing VPC, with Kong',
      otherwise: 'asked',
    },
    {
      name: '--exposure <how>',
      summary: 'who calls: "kong" (keys and limits), or "internal" (private ranges, without keys)',
      otherwise: 'asked; kong',
    },
    {
      name: '--callers <cidrs>',
      summary: 'IPv4 ranges that may call, with --exposure internal',
      otherwise: 'asked; the range of the VPC',
    },
    { name: '-m, --model <name>', summary: 'model with its tag', otherwise: 'asked; qwen3-coder:30b' },
    {
      name: '--context <tokens>',
      summary: 'tokens of one request',
      otherwise: "asked; 65536, or the model's native context if that is smaller",
    },
    { name: '--parallel <number>', summary: 'simultaneous requests', otherwise: 'asked; 1' },
    {
      name: '--instance <type>',
      summary: 'GPU instance type',
      otherwise: 'asked; the cheapest that holds the model',
    },
    {
      name: '--delivery <how>',
      summary: 'what delivers manifests to the cluster: "argocd" or "helm"',
      otherwise: 'asked; argocd',
    },
    { name: '--repository <url>', summary: 'Git repository that Argo CD reads', otherwise: 'asked' },
  ],
  settings: ['clusterName', 'awsRegion', 'kongCidr'],
  examples: [
    {
      line: 'init platform --repository https://github.com/acme/platform',
      does: 'create a project for Argo CD in ./platform',
    },
    {
      line: 'init --exposure internal --delivery helm --yes',
      does: 'create one without Kong and without Argo CD in the current folder, with every default',
    },
    {
      line: 'init llm --vpc vpc-0a1b2c3d --vpc-cidr 10.20.0.0/16 --subnets subnet-0a1b,subnet-0c2d --exposure internal',
      does: 'create one in an existing VPC, for callers from it',
    },
  ],
  run(context, flags, [directory = '.']) {
    const { initProject } = require('../init/run') as typeof import('../init/run');
    return initProject(context, directory, flags);
  },
});
