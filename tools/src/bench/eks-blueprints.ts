/**
 * A cluster by EKS Blueprints, AWS' construct library for whole clusters: VPC, EKS, system and GPU nodes, add-ons, NVIDIA's GPU
 * operator, load balancer controller and Argo CD. It has neither a mesh nor a gateway nor a server, all of which an example has.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubernetesVersion } from '@org/ollama-eks';
import { REPOSITORY } from '../examples';
import type { Program } from './measure';

const FOLDER = '.cache/bench/eks-blueprints';
/** Installed by hand, because they take 500 MB. The second is the peer that the first asks for. */
const PACKAGES = ['@aws-quickstart/eks-blueprints@1.19.0', 'aws-cdk-lib@2.261.0'];

/** Command that installs EKS Blueprints for the benchmark. */
export const INSTALL_EKS_BLUEPRINTS = `npm install --prefix ${FOLDER} --legacy-peer-deps ${PACKAGES.join(' ')}`;

/** Returns the program; undefined if EKS Blueprints is not installed. */
export function eksBlueprints(): Program | undefined {
  const cwd = join(REPOSITORY, FOLDER);
  if (!existsSync(join(cwd, 'node_modules/@aws-quickstart/eks-blueprints'))) return undefined;
  writeFileSync(join(cwd, 'main.js'), SOURCE);
  return { args: ['main.js'], cwd };
}

/** Versions are given, because otherwise it asks AWS. */
const { version, addOns } = KubernetesVersion.V1_35;
const SOURCE = `
const { App, aws_ec2: ec2, aws_eks: eks } = require('aws-cdk-lib');
const { EksBlueprint, GenericClusterProvider, addons } = require('@aws-quickstart/eks-blueprints');

const version = eks.KubernetesVersion.of('${version}');
const addOns = ${JSON.stringify(addOns)};
const app = new App({ outdir: process.env.CDKTF_OUTDIR });
EksBlueprint.builder()
  .account('111111111111')
  .region('us-west-2')
  .clusterProvider(
    new GenericClusterProvider({
      version,
      managedNodeGroups: [
        {
          id: 'system',
          instanceTypes: [new ec2.InstanceType('m7g.large')],
          amiType: eks.NodegroupAmiType.AL2023_ARM_64_STANDARD,
          minSize: 2,
        },
        {
          id: 'gpu',
          instanceTypes: [new ec2.InstanceType('g5.xlarge')],
          amiType: eks.NodegroupAmiType.AL2023_X86_64_NVIDIA,
          minSize: 1,
        },
      ],
    }),
  )
  .addOns(
    new addons.VpcCniAddOn({ version: addOns['vpc-cni'] }),
    new addons.CoreDnsAddOn(addOns.coredns),
    new addons.KubeProxyAddOn(addOns['kube-proxy']),
    new addons.EksPodIdentityAgentAddOn(addOns['eks-pod-identity-agent']),
    new addons.EbsCsiDriverAddOn({ version: addOns['aws-ebs-csi-driver'] }),
    new addons.MetricsServerAddOn(),
    new addons.AwsLoadBalancerControllerAddOn(),
    new addons.GpuOperatorAddon(),
    new addons.ArgoCDAddOn(),
  )
  .buildAsync(app, 'cluster')
  .then(() => app.synth());
`;
