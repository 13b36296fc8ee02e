import { gib, gpuInstanceTypeNames, modelNames, modelPurposes, type ModelPurpose } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError, wrongValue } from '../program/errors';
import { markdownTable, print, table } from '../program/output';
import { AGENT_CONTEXT } from './agent-context';
import { listedFigures } from './listed-figures';
import { listedInstance } from './listed-instance';
import { byModel, byPrice, type Capacity, capacityOf, gpuText, priceText } from './capacity';

/** Options of `models recommend`. */
export interface RecommendFlags {
  readonly instance: string;
  readonly for?: ModelPurpose;
  /** Tokens of one request. */
  readonly context?: number;
  readonly markdown?: boolean;
}

/** Options of `models size`. */
export interface SizeFlags {
  /** Listed models that stay loaded next to it. */
  readonly with?: readonly string[];
  /** Tokens of one request. */
  readonly context?: number;
  readonly markdown?: boolean;
}

/** Prints the listed models that fit an instance type and serve a purpose, the best first. Needs no network. */
export function recommendModels(context: Context, flags: RecommendFlags): void {
  const instance = listedInstance(flags.instance);
  const purpose = flags.for ?? 'chat';
  const found = modelNames()
    .filter((name) => modelPurposes(name).includes(purpose))
    .map((name) => capacityOf(name, instance, flags.context ?? AGENT_CONTEXT))
    .filter(({ largestContextLength }) => largestContextLength > 0)
    .sort(byModel);
  if (found.length === 0)
    throw new UsageError(`no listed model for ${purpose} fits ${instance}`, {
      remedy: 'choose a larger instance type; see ollama-eks models size NAME',
    });
  const title = `on ${instance}:`;
  show(context, { ...flags, title }, found, ['model', 'weights', ...COLUMNS, 'for'], (one) => [
    one.model,
    marked(one, gib(one.bytes)),
    ...cells(one),
    one.purposes.join(', '),
  ]);
}

/** Prints the instance types that hold a listed model, the cheapest first. Needs no network. */
export function sizeModel(context: Context, name: string, flags: SizeFlags): void {
  const { contextLength } = listedFigures(
    'model',
    name,
    `for any other model, run ollama-eks models inspect ${name}, which reads its figures from the registry`,
  );
  const others = flags.with ?? [];
  for (const other of others)
    listedFigures('--with', other, 'for any other model, write a program that calls `fit` with its figures');
  const twice = others.find((other, index) => [name, ...others.slice(0, index)].includes(other));
  if (twice !== undefined)
    throw wrongValue('--with', twice, 'is named twice', { remedy: 'name each model once: a server loads it once' });
  const wanted = flags.context ?? Math.min(AGENT_CONTEXT, contextLength);
  if (wanted > contextLength)
    throw wrongValue('--context', String(wanted), `is more than ${name} has`, {
      allowed: `at most ${String(contextLength)} tokens`,
      remedy: `pass --context ${String(contextLength)}`,
    });
  const found = gpuInstanceTypeNames()
    .map((instance) => capacityOf(name, instance, wanted, others))
    .filter(({ largestContextLength }) => largestContextLength > 0)
    .sort(byPrice);
  const title = others.length === 0 ? [] : ['others'];
  show(context, flags, found, ['instance', 'GPUs', ...COLUMNS, ...title], (one) => [
    one.instance,
    gpuText(one.gpus),
    ...cells(one),
    ...title.map(() => gib(one.others.reduce((sum, { usedBytes }) => sum + usedBytes, 0))),
  ]);
}

const COLUMNS = ['largest context', 'at a time', 'with context', 'USD/h'];

function cells(one: Capacity): readonly string[] {
  const { largestContextLength, atATime, numBatches, contextLength, pricePerHour } = one;
  return [
    marked(one, String(largestContextLength)),
    atATime === 0 ? '-' : String(atATime) + (numBatches.length > 0 ? SMALL_BATCH : ''),
    String(contextLength),
    priceText(pricePerHour),
  ];
}

const APPROXIMATELY = '~';
const LEGEND = `${APPROXIMATELY} approximately: the size is known only in whole GB, or the figures were not read from the model's own files`;

const SMALL_BATCH = '*';
const BATCH_LEGEND = `${SMALL_BATCH} only with a smaller num_batch, which makes reading long prompts slower; fewer at a time may fit without`;

function marked({ isApproximate }: Capacity, figure: string): string {
  return isApproximate ? APPROXIMATELY + figure : figure;
}

function show(
  context: Context,
  { markdown = false, title }: Pick<SizeFlags, 'markdown'> & { readonly title?: string },
  found: readonly Capacity[],
  head: readonly string[],
  row: (one: Capacity) => readonly string[],
): void {
  if (markdown && context.flags.json)
    throw new UsageError('--json and --markdown exclude each other', { remedy: 'choose one' });
  print(context, { found }, () => {
    const rows = (markdown ? markdownTable : table)(head, found.map(row));
    const text = title === undefined ? rows : `${title}\n\n${rows}`;
    const legends = [
      ...(found.some(({ isApproximate }) => isApproximate) ? [LEGEND] : []),
      ...(found.some(({ numBatches }) => numBatches.length > 0) ? [markdown ? `\\${BATCH_LEGEND}` : BATCH_LEGEND] : []),
    ];
    return [text, ...legends].join('\n\n');
  });
}
