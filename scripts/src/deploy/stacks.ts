import type { Context } from '../context';
import type { Stack } from '../project';
import { Terraform } from '../systems/terraform';

/** Applies stacks one after the other, each only where there is something to change. Returns what was done, in a few words. */
export async function applyStacks(context: Context, stacks: readonly Stack[]): Promise<string> {
  const done: string[] = [];
  for (const { name, directory } of stacks) {
    const terraform = new Terraform(context, directory);
    await terraform.init();
    const changes = await terraform.hasChanges();
    if (changes) await terraform.apply();
    done.push(`${name} ${changes ? 'applied' : 'unchanged'}`);
  }
  return done.join(', ');
}

/** Outputs of a stack. */
export async function readOutputs(context: Context, { directory }: Stack): Promise<Readonly<Record<string, unknown>>> {
  const terraform = new Terraform(context, directory);
  await terraform.init();
  return terraform.outputs();
}
