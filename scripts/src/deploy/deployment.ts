import type { Context } from '../program/context';
import { findKongExposure, type KongExposure } from '../project/kong-exposure';
import { readProject, type Project } from '../project/project';
import { findTarget, type Target } from '../project/target';
import { Aws } from '../systems/aws';
import type { ConsentOptions } from './consent';

/** What a deployment is asked for. */
export interface DeploymentOptions extends ConsentOptions {
  /** Name of the first team. */
  readonly team: string;
}

/** What every step works with. Nothing is kept between runs: each run finds by names what is there. */
export interface Deployment {
  readonly context: Context;
  readonly example: string | undefined;
  /** As synth has it without any knowledge of Kong. */
  readonly project: Project;
  readonly target: Target;
  readonly options: DeploymentOptions;
  readonly aws: Aws;
  /** The way in from Kong; undefined where the project makes none. */
  readonly exposure: KongExposure | undefined;
}

/** A deployment with a way in from Kong. */
export interface KongDeployment extends Deployment {
  readonly exposure: KongExposure;
}

/**
 * Reads the project as it is synthesized without any knowledge of Kong.
 * @param output folder that it was synthesized into; that of `cdktf.json` without it
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

/** The deployment where it has a way in from Kong; undefined otherwise. */
export function withKong(deployment: Deployment): KongDeployment | undefined {
  const { exposure } = deployment;
  return exposure === undefined ? undefined : { ...deployment, exposure };
}
