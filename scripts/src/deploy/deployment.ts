import type { Context } from '../program/context';
import { findKongExposure, type KongExposure } from '../project/kong-exposure';
import { readProject, type Project } from '../project/project';
import { findTarget, type Target } from '../project/target';
import { Aws } from '../systems/aws';
import type { ConsentOptions } from './consent';

/** Options of a deployment. */
export interface DeploymentOptions extends ConsentOptions {
  /** Name of the first team. */
  readonly team: string;
}

/** What every step works with. Runs share no state: each one finds existing objects by their names. */
export interface Deployment {
  readonly context: Context;
  readonly example: string | undefined;
  /** The project as synthesized without the facts that are learned from Kong. */
  readonly project: Project;
  readonly target: Target;
  readonly options: DeploymentOptions;
  readonly aws: Aws;
  /** Ingress from Kong; undefined if the project has none. */
  readonly exposure: KongExposure | undefined;
}

/** A deployment with ingress from Kong. */
export interface KongDeployment extends Deployment {
  readonly exposure: KongExposure;
}

/**
 * Reads a project that was synthesized without the facts that are learned from Kong.
 * @param output folder that it was synthesized into; by default the output folder of `cdktf.json`
 */
export function openDeployment(
  context: Context,
  example: string | undefined,
  options: DeploymentOptions,
  output?: string,
): Deployment {
  const project = readProject(context, example, output);
  const target = findTarget(context, project);
  const aws = new Aws(context, target.region);
  return { context, example, project, target, options, aws, exposure: findKongExposure(project) };
}

/** Returns the deployment if it has ingress from Kong, otherwise undefined. */
export function withKong(deployment: Deployment): KongDeployment | undefined {
  const { exposure } = deployment;
  return exposure === undefined ? undefined : { ...deployment, exposure };
}
