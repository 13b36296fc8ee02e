import type { Listed } from '../program/command';

/** What help lists of each command. Apart from their declarations, of which the list needs none: each is a file to load. */
export const LISTED = {
  init: {
    name: 'init',
    usage: '[options] [directory]',
    summary: 'Create a project; asks for values that no flag sets, and shows what fits and what it costs',
  },
  report: {
    name: 'report',
    usage: '[options] [example]',
    summary: 'Show what the project will create: memory, cold start, cost, access and traffic',
  },
  doctor: {
    name: 'doctor',
    usage: '[example]',
    summary: 'Check tools, accounts, quotas and ranges before anything costs money',
  },
  render: {
    name: 'render',
    usage: '[options] [directory]',
    summary: 'Copy the GitOps tree that Argo CD reads to a repository',
  },
  diff: {
    name: 'diff',
    usage: '[options] [example]',
    summary: "Show what a deployment would change and lose: Terraform's plans, and the GitOps tree against what runs",
  },
  deploy: {
    name: 'deploy',
    usage: '[options] [example]',
    summary: 'Deploy everything up to a verified answer; run it again to continue where it stopped',
  },
  status: {
    name: 'status',
    usage: '[options] [example]',
    summary: 'Show stacks, Argo CD, nodes, models, Konnect and what today has cost so far',
  },
  verify: {
    name: 'verify',
    usage: '[options]',
    summary: 'Check the endpoint, on the path of its callers and from inside the cluster',
  },
  prove: {
    name: 'prove',
    usage: '[options]',
    summary: 'Measure a running endpoint as coding agents use it, and write a page about it',
  },
  client: { name: 'client', usage: '', summary: 'Configure a coding tool for the endpoint, and undo it' },
  destroy: {
    name: 'destroy',
    usage: '[options] [example]',
    summary: 'Delete everything, Konnect first, then search for leftovers',
  },
  upgrade: {
    name: 'upgrade',
    usage: '[options] [example]',
    summary:
      'Upgrade Kubernetes or Istio to the version that the project sets, and verify every server after each step',
  },
  scale: { name: 'scale', usage: '', summary: 'Scale GPU nodes and servers to zero and back' },
  models: { name: 'models', usage: '', summary: 'Models in the registry and on the servers' },
  diagnose: {
    name: 'diagnose',
    usage: '[options]',
    summary: 'Check everything that is known to fail, from the GPU to Kong, and show how to fix it',
  },
  audit: {
    name: 'audit',
    usage: '',
    summary:
      'Collect evidence that no data leaves: cloud models off, egress limited, routes refused, no prompts logged',
  },
  open: { name: 'open', usage: '', summary: 'Forward a local port to a UI in the cluster' },
  mirror: {
    name: 'mirror',
    usage: '',
    summary: 'Charts and images that the project downloads, and copies of them in your own registry',
  },
  consumers: { name: 'consumers', usage: '', summary: 'Teams that may call the endpoint, and their keys' },
  kong: {
    name: 'kong',
    usage: '',
    summary: "Kong's configuration, synced by decK; a sync of it never touches consumers",
  },
  konnect: { name: 'konnect', usage: '', summary: 'Control plane, network, gateways and attachment in Konnect' },
  github: { name: 'github', usage: '', summary: "The workflow that syncs Kong's configuration" },
  completion: {
    name: 'completion',
    usage: '<shell>',
    summary: 'Print a script that completes commands, options and their values in a shell',
  },
} as const satisfies Record<string, Listed>;
