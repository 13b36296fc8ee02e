import { join, resolve } from 'node:path';
import type { Context } from '../program/context';
import { createFolder } from '../program/text-file';
import { projectDirectory } from '../project/project';
import type { Target } from '../project/target';
import { Aws } from './aws';
import { Kubectl } from './kubectl';

/** Returns kubectl for a cluster, with a separate kubeconfig: the user's own file and current context are neither changed nor used. */
export async function openCluster(context: Context, { clusterName, region }: Target): Promise<Kubectl> {
  const directory = resolve(projectDirectory(context), context.settings.require('stateDirectory'));
  createFolder(directory);
  const file = join(directory, `kubeconfig-${clusterName}`);
  await new Aws(context, region).writeKubeconfig(clusterName, file);
  return new Kubectl(context, clusterName, file);
}
