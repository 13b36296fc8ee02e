import type { InspectFlags } from '../models/inspect';
import { command, type ArgumentSpec, type GroupSpec } from '../program/command';
import { wholeNumber } from '../program/whole-number';
import { CLUSTER } from './common';

const load = () => require('../models/run') as typeof import('../models/run');

const NAME: ArgumentSpec = { name: '<name>', summary: "model of Ollama's registry with its tag" };

/** `models`: what is in the registry, and what is on the servers. */
export const models: GroupSpec = {
  name: 'models',
  summary: 'Models of the registry and of the servers',
  commands: [
    command<InspectFlags>({
      name: 'inspect',
      summary: 'Show the figures of a model as a catalogue entry, and what it takes on each instance type',
      arguments: [NAME],
      options: [
        {
          name: '--context <tokens>',
          summary: 'tokens of one request',
          parse: wholeNumber('--context'),
          otherwise: '65536, or all that the model has',
        },
        { name: '--parallel <number>', summary: 'requests at a time', parse: wholeNumber('--parallel'), default: 1 },
        { name: '--instance <type...>', summary: 'instance types', otherwise: 'all that are listed' },
      ],
      settings: [],
      examples: [
        { line: 'models inspect qwen3-coder:30b', does: 'show on which instance types it fits, with 65536 tokens' },
        {
          line: 'models inspect qwen3:8b --context 131072 --instance g5.xlarge g6.xlarge',
          does: 'try a longer context on two of them',
        },
      ],
      run(context, flags, [name = '']) {
        const { inspectModel } = require('../models/inspect') as typeof import('../models/inspect');
        return inspectModel(context, name, flags);
      },
    }),
    command({
      name: 'list',
      summary: 'List models on the servers: size, digest, loaded with which context, how full the disk is',
      settings: CLUSTER,
      examples: [
        { line: 'models list', does: 'list what each server has' },
        { line: 'models list --json', does: 'print the list for a script' },
      ],
      run: (context) => load().listModels(context),
    }),
    command({
      name: 'check',
      summary: 'Say whether a tag exists in the registry, how large it is, and which digest pins it',
      arguments: [NAME],
      settings: [],
      examples: [
        { line: 'models check qwen3-coder:30b', does: 'print size and digest' },
        { line: 'models check acme/coder:v1', does: 'do so for a model of a namespace' },
      ],
      run: (context, _, [name = '']) => load().checkModel(context, name),
    }),
    command<{ readonly server?: string }>({
      name: 'pull',
      summary: 'Pull a model to every server; fails where the pull fails',
      arguments: [NAME],
      options: [{ name: '--server <pod>', summary: 'one server', otherwise: 'every server' }],
      settings: CLUSTER,
      examples: [
        { line: 'models pull qwen3-coder:30b', does: 'pull to every server that lacks it' },
        { line: 'models pull qwen3-coder:30b --server ollama-0', does: 'pull to one of them' },
      ],
      run: (context, { server }, [name = '']) => load().pullModel(context, name, server),
    }),
    command({
      name: 'remove',
      summary: 'Remove a model from every server',
      arguments: [NAME],
      settings: CLUSTER,
      examples: [
        { line: 'models remove qwen3:8b', does: 'ask, and remove it' },
        { line: 'models remove qwen3:8b --dry-run', does: 'say which servers have it' },
      ],
      run: (context, _, [name = '']) => load().removeModel(context, name),
    }),
  ],
};
