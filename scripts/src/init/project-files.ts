import { dump } from 'js-yaml';
import { KONG_WORKFLOW, kongWorkflow } from './kong-workflow';
import { REPORT_WORKFLOW, reportWorkflow } from './report-workflow';

/** Values of a new project, all checked. */
export interface ProjectSpec {
  readonly clusterName: string;
  readonly region: string;
  readonly instanceType: string;
  readonly model: string;
  /** Tokens of one request. */
  readonly contextLength: number;
  readonly parallel: number;
  readonly kongCidr: string;
  readonly delivery: 'argocd' | 'helm';
  /** Git repository that the rendered tree is committed to; empty without Argo CD. */
  readonly repository: string;
}

/** What the project depends on. */
export interface Dependencies {
  /** Version of the library and of the command line, which are released together. */
  readonly library: string;
  /** Ranges of the library's peer dependencies. */
  readonly peers: Readonly<Record<string, string>>;
  /** Whether Node.js runs TypeScript itself, as it does since 22.18. */
  readonly runsTypeScript: boolean;
}

/** Release of the repository that is deployed first. */
export const FIRST_REVISION = 'v0.1.0';

/** Returns the files of a project by path. */
export function projectFiles(spec: ProjectSpec, dependencies: Dependencies): ReadonlyMap<string, string> {
  return new Map([
    ['main.ts', mainFile(spec)],
    ['package.json', json(packageFile(spec, dependencies))],
    ['tsconfig.json', json(TSCONFIG)],
    ['cdktf.json', json(cdktfFile(spec))],
    ['ollama-eks.yaml', dump({ region: spec.region, cluster: spec.clusterName })],
    [KONG_WORKFLOW, kongWorkflow()],
    [REPORT_WORKFLOW, reportWorkflow()],
    ['.gitignore', `${IGNORED.join('\n')}\n`],
  ]);
}

/** Files that can be generated again, and files with secrets. */
const IGNORED = [
  'node_modules/',
  'lib/',
  'cdktf.out/',
  '.terraform/',
  'terraform*.tfstate*',
  '.env',
  '.ollama-eks/',
  '.ollama-eks-preview-*/',
  'deck/kong-consumers.yaml',
];

/** Only types can be erased, so Node.js runs the same files that `tsc` checks. @see https://nodejs.org/api/typescript.html */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2022'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    rootDir: '.',
    outDir: 'lib',
    noEmit: true,
  },
  exclude: ['node_modules', 'cdktf.out', 'lib'],
};

/**
 * Runs the program without checking its types, which takes three quarters of the time that `tsc && node` takes; `npm run check` checks
 * them. CDKTF uses a function that Node.js 24 warns about (DEP0044).
 */
const RUN = 'node --disable-warning=DEP0044 main.ts';
/** The same where Node.js does not run TypeScript: the types are removed, and no other file is read. */
const TRANSPILE_AND_RUN = 'tsc --noEmit false --noCheck --noResolve && node lib/main.js';

function packageFile({ clusterName }: ProjectSpec, { library, peers, runsTypeScript }: Dependencies) {
  return {
    name: `${clusterName}-platform`,
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: { node: runsTypeScript ? '>=22.18' : '>=20.9' },
    scripts: {
      app: runsTypeScript ? RUN : TRANSPILE_AND_RUN,
      check: 'tsc',
      synth: 'npm run --silent app && ollama-eks report',
    },
    dependencies: { '@org/ollama-eks': `^${library}`, ...peers },
    devDependencies: {
      '@org/ollama-eks-scripts': `^${library}`,
      '@types/node': '^20.0.0',
      typescript: '^5.9.0',
    },
  };
}

function cdktfFile({ clusterName }: ProjectSpec) {
  return {
    language: 'typescript',
    app: 'npm run --silent app',
    projectId: clusterName,
    sendCrashReports: 'false',
    terraformProviders: [],
    terraformModules: [],
    context: {},
  };
}

function mainFile(spec: ProjectSpec): string {
  const delivery = spec.delivery === 'argocd' ? 'ArgoCdDelivery' : 'HelmDelivery';
  const names = [
    'AmbientMesh',
    delivery,
    'DEPLOYER',
    'InfrastructureStack',
    'KongTransitExposure',
    'OllamaGpuCluster',
    'PlatformStack',
  ];
  return `import {
${names.map((name) => `  ${name},\n`).join('')}} from '@org/ollama-eks';
import { App } from 'cdktf';

/** IPv4 ranges that may call the Kubernetes API from outside the VPC, comma-separated; nobody if unset. */
const adminCidrs = process.env.ADMIN_CIDRS?.split(/[\\s,]+/).filter(Boolean);

const app = new App();
const infra = new InfrastructureStack(app, 'infra', { region: ${quote(spec.region)} });

const cluster = new OllamaGpuCluster(infra, 'cluster', {
  clusterName: ${quote(spec.clusterName)},
  gpu: { instanceType: ${quote(spec.instanceType)} },
  models: [{ name: ${quote(spec.model)}, contextLength: ${number(spec.contextLength)}, parallel: ${String(spec.parallel)} }],
  access: [{ principalArn: DEPLOYER }],
  endpoint: { publicCidrs: adminCidrs },
});
const exposure = new KongTransitExposure(infra, 'kong', { cluster, kongCidr: ${quote(spec.kongCidr)} });

const platform = new PlatformStack(app, 'platform', { cluster });
const mesh = new AmbientMesh(platform, 'mesh', { cluster });
${deliveryCode(spec)}
app.synth();
`;
}

function deliveryCode({ delivery, repository, clusterName }: ProjectSpec): string {
  if (delivery === 'helm') return `new HelmDelivery(platform, 'helm', { sources: [cluster, mesh, exposure] });\n`;
  return `
// Release of the repository that is deployed: tag the commit that holds the rendered tree, and name the tag.
new ArgoCdDelivery(platform, 'argocd', {
  sources: [cluster, mesh, exposure],
  repository: ${quote(repository)},
  revision: process.env.GITOPS_REVISION ?? ${quote(FIRST_REVISION)},
  path: ${quote(`argocd/${clusterName}`)},
});
`;
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

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
