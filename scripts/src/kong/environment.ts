import { checkDeckEnvironment, DECK_VARIABLES, EXPOSURE_OUTPUTS } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { messageOf } from '../program/exit-codes';
import { findKongExposure } from '../project/kong-exposure';
import type { Project } from '../project/project';
import { Terraform } from '../systems/terraform';

/** Output of the stack for each variable. */
const OUTPUTS: Readonly<Record<string, string>> = {
  [DECK_VARIABLES.upstreamHost]: EXPOSURE_OUTPUTS.loadBalancerDnsName,
  [DECK_VARIABLES.gatewayHostname]: EXPOSURE_OUTPUTS.gatewayHostname,
  [DECK_VARIABLES.caCertificate]: EXPOSURE_OUTPUTS.gatewayCaCertificate,
  [DECK_VARIABLES.adminHostname]: EXPOSURE_OUTPUTS.gatewayAdminHostname,
};

/**
 * Returns the values for a state file: environment variables and, for missing ones, outputs of the stack. Values are checked because decK
 * inserts them into the file verbatim. Throws UsageError, without showing keys.
 */
export async function deckEnvironment(
  context: Context,
  content: string,
  project: Project | undefined,
): Promise<Readonly<Record<string, string>>> {
  const given = Object.fromEntries(
    Object.entries(context.environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && content.includes(`"${entry[0]}"`),
    ),
  );
  const missing = Object.keys(OUTPUTS).filter((name) => content.includes(`"${name}"`) && given[name] === undefined);
  const environment = missing.length === 0 ? given : { ...(await fromOutputs(context, project)), ...given };
  for (const [name, value] of Object.entries(environment)) {
    if (isKey(name) && value.length >= 6) context.masker.add(value);
  }
  checkEnvironment(environment, content);
  return environment;
}

/** Whether a variable of a state file is a key: all others come from the outputs of a stack. */
export function isKey(name: string): boolean {
  return OUTPUTS[name] === undefined;
}

/** Throws UsageError for a value that is missing or could change the structure of the file. */
export function checkEnvironment(environment: Readonly<Record<string, string | undefined>>, content: string): void {
  try {
    checkDeckEnvironment(environment, content);
  } catch (cause) {
    throw new UsageError(messageOf(cause));
  }
}

async function fromOutputs(context: Context, project: Project | undefined): Promise<Record<string, string>> {
  const exposure = project && findKongExposure(project);
  if (exposure === undefined) return {};
  const terraform = new Terraform(context, exposure.stack.directory);
  await terraform.init();
  const outputs = await terraform.outputs();
  return Object.fromEntries(
    Object.entries(OUTPUTS).flatMap(([variable, output]) => {
      const value = outputs[`${exposure.prefix}${output}`];
      return typeof value === 'string' ? [[variable, value]] : [];
    }),
  );
}
