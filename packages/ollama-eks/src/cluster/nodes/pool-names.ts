import { checkForm } from '../../check-text';
import { ValidationError } from '../../errors';
import { DEFAULT_POOL, POOL_NAME, SYSTEM_POOL } from '../../workload/names';

const NAME = {
  pattern: POOL_NAME,
  allowed: 'a DNS label of at most 30 characters: a–z, 0–9 and -, beginning with a letter, known at synth',
  remedy: 'choose another name',
};

/** Returns the property of a pool as the user wrote it: `gpu` for a single pool, `gpu[1]` in a list. */
export function poolProperty(gpu: unknown, index: number): string {
  return Array.isArray(gpu) ? `gpu[${index}]` : 'gpu';
}

/** Refuses an invalid pool name, and that of the nodes without GPUs. */
export function checkPoolName(property: string, name: string): void {
  checkForm(property, name, NAME);
  if (name !== SYSTEM_POOL) return;
  throw new ValidationError({
    property,
    value: name,
    problem: 'is the name of the nodes without GPUs',
    allowed: NAME.allowed,
    remedy: NAME.remedy,
  });
}

/** Refuses a pool without a name in a list of several: its identity would otherwise depend on its place. */
export function checkNamed(pools: readonly { readonly name?: string }[]): void {
  if (pools.length === 1) return;
  const index = pools.findIndex(({ name }) => name === undefined);
  if (index < 0) return;
  throw new ValidationError({
    property: `${poolProperty(pools, index)}.name`,
    problem: 'is required in a list of several pools, so that a pool does not depend on its place',
    allowed: NAME.allowed,
    remedy: `set a name; a pool that was deployed without one is named ${DEFAULT_POOL}, or ${DEFAULT_POOL}-2 and so on by its place`,
  });
}

/** Refuses two pools with the same name. */
export function checkPoolsDiffer(property: string, pools: readonly { readonly name: string }[]): void {
  const names = pools.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw new ValidationError({
    property,
    value: names,
    problem: `has two pools named ${twice}`,
    allowed: 'a different name for each pool',
    remedy: 'set `name`',
  });
}
