import type { KongDeployment } from '../../src/deploy/deployment';
import { attach, type AttachNeeds } from '../../src/deploy/konnect-steps';
import { verifyEachServer } from '../../src/deploy/verify-steps';
import { step, type Step } from '../../src/program/steps';

type StepsOf<Needed> = { readonly [Name in keyof Needed]: Step<Needed[Name]> };

/** Never run: each line that is marked must not compile, which `tsc -b` says. */
export function types(deployment: KongDeployment, { known, network, shared, applied }: StepsOf<AttachNeeds>): void {
  const facts = { id: 'x', title: 'x', minutes: 1 };
  const run = (given: AttachNeeds) => attach(deployment, given);
  step({ ...facts, needs: { known, network, shared, applied }, run });
  // @ts-expect-error -- the transit gateway must be shared with Kong's account first
  step({ ...facts, needs: { known, network, applied }, run });
  // @ts-expect-error -- the network must be ready
  step({ ...facts, needs: { known, shared, applied }, run });
  // @ts-expect-error -- no other step may work on the stacks
  step({ ...facts, needs: { known, network, shared }, run });
  // @ts-expect-error -- nothing is served before everything is applied
  step({ ...facts, needs: {}, run: verifyEachServer(deployment) });
}
