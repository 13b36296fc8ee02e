import { fit, gpuInstanceTypeNames, type Fit, type OllamaModel } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { print, table } from '../program/output';
import { AGENT_CONTEXT } from './agent-context';
import { gpuText, gpuUse, priceText, type GpuUse } from './capacity';
import { listedInstance } from './listed-instance';
import { readFigures } from './read-figures';
import { requireManifest } from './registry';

/** Options of `models inspect`. */
export interface InspectFlags {
  /** Tokens of one request. */
  readonly context?: number;
  readonly parallel?: number;
  readonly instance?: readonly string[];
}

/** Prints a model's figures as a catalog entry, and whether it fits each instance type. Downloads only its header. */
export async function inspectModel(context: Context, name: string, flags: InspectFlags): Promise<void> {
  const instances = flags.instance?.map((type) => listedInstance(type));
  const manifest = await requireManifest(context, name);
  const figures = await readFigures(context, manifest);
  const served: OllamaModel = {
    name: manifest.name,
    contextLength: Math.min(flags.context ?? AGENT_CONTEXT, figures.contextLength),
    parallel: flags.parallel ?? 1,
    digest: manifest.digest,
    figures,
  };
  const fits = (instances ?? gpuInstanceTypeNames()).map((instance) => fit(served, instance));
  const rows = fits.map(rowOf);
  print(context, { model: served, fits: rows }, () => {
    const { name: model, contextLength, parallel, digest } = served;
    const entry = JSON.stringify({ name: model, contextLength, parallel, digest, figures }, undefined, 2);
    return [
      'entry for models of OllamaGpuCluster (figures are optional for models in the catalog):',
      entry,
      '',
      table(
        ['instance', 'fits', 'GPUs', 'largest context', 'USD/h', ''],
        rows.map((row) => [
          row.instance,
          row.fits ? 'yes' : 'no',
          gpuText(row.gpus),
          row.largestContextLength === 0 ? '-' : String(row.largestContextLength),
          priceText(row.pricePerHour),
          row.reason ?? row.warnings.join(' '),
        ]),
      ),
    ].join('\n');
  });
}

/** Whether a model fits an instance type. */
export interface InstanceFit {
  readonly instance: string;
  readonly fits: boolean;
  readonly gpus: GpuUse;
  /** Tokens of one request; 0 if none fits. */
  readonly largestContextLength: number;
  /** USD per hour of one node; absent for types without a list price. */
  readonly pricePerHour?: number;
  /** Why it does not fit. */
  readonly reason?: string;
  readonly warnings: readonly string[];
}

function rowOf(one: Fit): InstanceFit {
  const { instance, fits, models, reason, warnings } = one;
  return {
    instance: instance.name,
    fits,
    gpus: gpuUse(one),
    largestContextLength: models[0]?.largestContextLength ?? 0,
    ...(instance.pricePerHour !== undefined && { pricePerHour: instance.pricePerHour }),
    ...(reason !== undefined && { reason }),
    warnings,
  };
}
