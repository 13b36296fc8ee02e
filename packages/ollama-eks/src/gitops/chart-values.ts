import type { Json } from './application';

/** Values of a Helm chart, or a map among them. */
export type Values = { readonly [key: string]: Json | undefined };

export function isMap(value: Json | undefined): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns values without their empty maps, which change nothing in a chart; undefined if nothing is left. By server-side apply, an empty
 * map in place of one with content becomes null: among the values of an Application, that removes the chart's default; as all of its
 * values, the API server refuses it, and Argo CD can no longer compare the root Application. Lists are applied whole, so they are kept.
 */
export function withoutEmptyMaps(values: Values): Values | undefined {
  const filled = Object.entries(values).flatMap(([key, value]) => {
    const left = isMap(value) ? withoutEmptyMaps(value) : value;
    return left === undefined ? [] : [[key, left] as const];
  });
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}
