import type { AddFlags } from '../models/add';
import type { InspectFlags } from '../models/inspect';
import { command, type GroupSpec, type ArgumentSpec, type OptionSpec, type SwitchSpec } from '../program/command';
import { MODEL_PURPOSES } from '@org/ollama-eks/pure';
import type { RecommendFlags, SizeFlags } from '../models/choose';
import { wholeNumber } from '../program/whole-number';
import { CLUSTER, PROJECT } from './common';
import { LISTED } from './listed';

const load = () => require('../models/run') as typeof import('../models/run');

const choose = () => require('../models/choose') as typeof import('../models/choose');

const NAME: ArgumentSpec = { name: '<name>', summary: 'model with its tag, of another registry with its host' };

const CONTEXT: OptionSpec = {
  name: '--context <tokens>',
  summary: 'tokens of one request',
  parse: wholeNumber('--context'),
  otherwise: "65536, or the model's native context if that is smaller",
};
const MARKDOWN: SwitchSpec = { name: '--markdown', summary: 'print a table in Markdown' };

/** `models`: models in the registry and on the servers. */
export const models: GroupSpec = {
  ...LISTED.models,
  commands: [
    command<InspectFlags>({
      name: 'inspect',
      summary: 'Show the figures of a model as a catalog entry, and whether it fits each instance type',
      arguments: [NAME],
      options: [
        CONTEXT,
        {
          name: '--parallel <number>',
          summary: 'simultaneous requests',
          parse: wholeNumber('--parallel'),
          default: 1,
        },
        { name: '--instance <type...>', summary: 'instance types', otherwise: 'all supported types' },
      ],
      settings: [],
      examples: [
        { line: 'models inspect qwen3-coder:30b', does: 'show which instance types it fits, with 65536 tokens' },
        {
          line: 'models inspect qwen3:8b --context 131072 --instance g5.xlarge g6.xlarge',
          does: 'try a longer context on two instance types',
        },
        {
          line: 'models inspect hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M',
          does: 'read the figures of a model on Hugging Face',
        },
      ],
      run(context, flags, [name = '']) {
        const { inspectModel } = require('../models/inspect') as typeof import('../models/inspect');
        return inspectModel(context, name, flags);
      },
    }),
    command<AddFlags>({
      name: 'add',
      summary: 'Write a model with its digest and figures to the project, so that its program can use it',
      arguments: [NAME],
      switches: [{ name: '--replace', summary: 'replace a model of that alias' }],
      options: [{ name: '--as <alias>', summary: 'name in the program', otherwise: "the model's name" }],
      settings: PROJECT,
      examples: [
        { line: 'models add qwen3.6:35b', does: 'write it to ollama-models.json, for addedModel("qwen3.6:35b")' },
        {
          line: 'models add hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M --as small-coder',
          does: 'add a model of Hugging Face under a short name',
        },
        { line: 'models add qwen3.6:35b --replace', does: 'follow a tag that has moved' },
      ],
      run(context, flags, [name = '']) {
        const { addModel } = require('../models/add') as typeof import('../models/add');
        return addModel(context, name, flags);
      },
    }),
    command<RecommendFlags>({
      name: 'recommend',
      summary:
        'Rank the listed models that fit an instance type, without network: those that hold the context, then the larger ones',
      options: [
        { name: '--instance <type>', summary: 'instance type', default: 'g6e.2xlarge' },
        { name: '--for <purpose>', summary: 'what the model is for', choices: MODEL_PURPOSES, default: 'chat' },
        CONTEXT,
      ],
      switches: [MARKDOWN],
      settings: [],
      examples: [
        { line: 'models recommend --instance g6e.2xlarge --for coding', does: 'rank models for coding on one L40S' },
        { line: 'models recommend --instance g5.xlarge --for embedding --json', does: 'print the ranking as JSON' },
      ],
      run: (context, flags) => choose().recommendModels(context, flags),
    }),
    command<SizeFlags>({
      name: 'size',
      summary: 'Rank the instance types that hold a listed model by their price, without network',
      arguments: [{ name: '<name>', summary: 'listed model' }],
      options: [
        CONTEXT,
        { name: '--with <names...>', summary: 'listed models that stay loaded next to it', otherwise: 'none' },
      ],
      switches: [MARKDOWN],
      settings: [],
      examples: [
        { line: 'models size qwen3.6:35b', does: 'show where it fits, how many requests at a time, and the price' },
        {
          line: 'models size qwen3-coder:30b --with qwen2.5-coder:7b nomic-embed-text',
          does: 'count a small model for background tasks, and embeddings',
        },
        { line: 'models size llama3.1:8b --context 32768 --markdown', does: 'print the table for a document' },
      ],
      run: (context, flags, [name = '']) => choose().sizeModel(context, name, flags),
    }),
    command({
      name: 'list',
      summary: 'List models on the servers with size, digest and loaded context, and the disk usage',
      settings: CLUSTER,
      examples: [
        { line: 'models list', does: 'list the models of each server' },
        { line: 'models list --json', does: 'print the list as JSON' },
      ],
      run: (context) => load().listModels(context),
    }),
    command({
      name: 'check',
      summary: 'Show whether a tag exists in the registry, its size, and its digest',
      arguments: [NAME],
      settings: [],
      examples: [
        { line: 'models check qwen3-coder:30b', does: 'print its size and digest' },
        { line: 'models check acme/coder:v1', does: 'check a model in a namespace' },
      ],
      run: (context, _, [name = '']) => load().checkModel(context, name),
    }),
    command<{ readonly server?: string }>({
      name: 'pull',
      summary: 'Pull a model to every server',
      arguments: [NAME],
      options: [{ name: '--server <pod>', summary: 'one server', otherwise: 'every server' }],
      settings: CLUSTER,
      examples: [
        { line: 'models pull qwen3-coder:30b', does: 'pull it to every server that does not have it' },
        { line: 'models pull qwen3-coder:30b --server ollama-0', does: 'pull it to one server' },
      ],
      run: (context, { server }, [name = '']) => load().pullModel(context, name, server),
    }),
    command({
      name: 'remove',
      summary: 'Remove a model from every server',
      arguments: [NAME],
      settings: CLUSTER,
      examples: [
        { line: 'models remove qwen3:8b', does: 'ask, then remove it' },
        { line: 'models remove qwen3:8b --dry-run', does: 'show which servers have it' },
      ],
      run: (context, _, [name = '']) => load().removeModel(context, name),
    }),
  ],
};
