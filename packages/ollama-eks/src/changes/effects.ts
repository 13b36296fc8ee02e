/**
 * What a change that is not merely in place does, the worst first:
 * - `loses`: data or identity is gone for good, or nothing serves until the installation is set up again;
 * - `interrupts`: requests or people are cut off until the apply is done;
 * - `rolls nodes`: nodes are replaced, and the pods on them stop and start again;
 * - `upgrades`: a version moves forward and cannot move back;
 * - `replaces`: a resource is replaced or deleted, and nobody notices;
 * - `forgets`: Terraform no longer manages the resource, which keeps running.
 */
export const EFFECTS = ['loses', 'interrupts', 'rolls nodes', 'upgrades', 'replaces', 'forgets'] as const;
export type Effect = (typeof EFFECTS)[number];

/** Orders what has an effect, the worst first. */
export function worstFirst(a: { readonly effect: Effect }, b: { readonly effect: Effect }): number {
  return EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect);
}
