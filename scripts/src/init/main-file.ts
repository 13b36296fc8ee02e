import { FIRST_REVISION } from './next-steps';
import type { DeliverySpec, ExistingVpc, ExposureSpec, ProjectSpec } from './project-spec';

/** Constructs that a program imports, and the code that creates one of them. */
interface Part {
  readonly imports: readonly string[];
  readonly code: string;
}

/** Returns the program of a project. */
export function mainFile(spec: ProjectSpec): string {
  const network = spec.vpc && networkPart(spec.vpc);
  const [exposure, delivery] = [exposurePart(spec.exposure), deliveryPart(spec)];
  const imports = [
    ...['AmbientMesh', 'DEPLOYER', 'InfrastructureStack', 'OllamaGpuCluster', 'PlatformStack'],
    ...[network, exposure, delivery].flatMap((part) => part?.imports ?? []),
  ].sort();
  return `import {
${imports.map((name) => `  ${name},\n`).join('')}} from '@org/ollama-eks';
import { App } from 'cdktf';

/** IPv4 ranges that may call the Kubernetes API from outside the VPC, comma-separated; nobody if unset. */
const adminCidrs = process.env.ADMIN_CIDRS?.split(/[\\s,]+/).filter(Boolean);

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: ${quote(spec.region)} });

${network?.code ?? ''}const cluster = new OllamaGpuCluster(infra, 'cluster', {
  clusterName: ${quote(spec.clusterName)},
${network === undefined ? '' : '  network,\n'}  gpu: { instanceType: ${quote(spec.instanceType)} },
  models: [{ name: ${quote(spec.model)}, contextLength: ${number(spec.contextLength)}, parallel: ${String(spec.parallel)} }],
  access: [{ principalArn: DEPLOYER }],
  endpoint: { publicCidrs: adminCidrs },
});
${exposure.code}
const platform = new PlatformStack(app, 'platform', { cluster });
const mesh = new AmbientMesh(platform, 'mesh', { cluster });
${delivery.code}
app.synth();
`;
}

function networkPart(vpc: ExistingVpc): Part {
  const { vpcId, vpcCidr, privateSubnetIds, transitSubnetIds, privateRouteTableIds } = vpc;
  const lists = { privateSubnetIds, transitSubnetIds, privateRouteTableIds };
  const lines = [
    `vpcId: ${quote(vpcId)}`,
    `vpcCidr: ${quote(vpcCidr)}`,
    ...Object.entries(lists).flatMap(([name, ids]) => (ids.length === 0 ? [] : [`${name}: ${list(ids)}`])),
  ];
  return {
    imports: ['Network'],
    code: `const network = Network.fromAttributes(infra, 'network', {\n${lines.map((line) => `  ${line},\n`).join('')}});\n`,
  };
}

function exposurePart(exposure: ExposureSpec): Part {
  if (exposure.kind === 'kong') {
    const props = `{ cluster, kongCidr: ${quote(exposure.kongCidr)} }`;
    return {
      imports: ['KongTransitExposure'],
      code: `const exposure = new KongTransitExposure(infra, 'kong', ${props});\n`,
    };
  }
  const props = `{ cluster, callerCidrs: ${list(exposure.callerCidrs)} }`;
  return {
    imports: ['InternalExposure'],
    code: `/** Everyone in these ranges can use the models, without a key. */\nconst exposure = new InternalExposure(infra, 'internal', ${props});\n`,
  };
}

function deliveryPart({
  delivery,
  clusterName,
}: {
  readonly delivery: DeliverySpec;
  readonly clusterName: string;
}): Part {
  const sources = '[cluster, mesh, exposure]';
  if (delivery.kind === 'helm') {
    return { imports: ['HelmDelivery'], code: `new HelmDelivery(platform, 'helm', { sources: ${sources} });\n` };
  }
  return {
    imports: ['ArgoCdDelivery'],
    code: `
// Release of the repository that is deployed: tag the commit that holds the rendered tree, and name the tag.
new ArgoCdDelivery(platform, 'argocd', {
  sources: ${sources},
  repository: ${quote(delivery.repository)},
  revision: process.env.GITOPS_REVISION ?? ${quote(FIRST_REVISION)},
  path: ${quote(`argocd/${clusterName}`)},
});
`,
  };
}

/** Formats a list of strings as a literal. */
function list(texts: readonly string[]): string {
  return `[${texts.map(quote).join(', ')}]`;
}

function quote(text: string): string {
  return `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll("'", String.raw`\'`)}'`;
}

/** Formats a number as a literal: `65_536`. */
function number(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', '_');
}
