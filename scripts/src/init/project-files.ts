import { dump } from 'js-yaml';
import { envExample } from './env-example';
import { KONG_WORKFLOW, kongWorkflow } from './kong-workflow';
import { mainFile } from './main-file';
import type { ProjectSpec } from './project-spec';
import { readmeFile } from './readme-file';
import { REPORT_WORKFLOW, reportWorkflow } from './report-workflow';

/** What the project depends on. */
export interface Dependencies {
  /** Version of the library and of the command line, which are released together. */
  readonly library: string;
  /** Ranges of the library's peer dependencies. */
  readonly peers: Readonly<Record<string, string>>;
  /** Whether Node.js runs TypeScript itself, as it does since 22.18. */
  readonly runsTypeScript: boolean;
}

/** Files that every project has, whatever the answers are. */
export const ALWAYS_WRITTEN = [
  'main.ts',
  'README.md',
  'package.json',
  'tsconfig.json',
  'cdktf.json',
  'ollama-eks.yaml',
];

/** Returns the files of a project by path. */
export function projectFiles(spec: ProjectSpec, dependencies: Dependencies): ReadonlyMap<string, string> {
  return new Map([
    ['main.ts', mainFile(spec)],
    ['README.md', readmeFile(spec)],
    ['package.json', json(packageFile(spec, dependencies))],
    ['tsconfig.json', json(TSCONFIG)],
    ['cdktf.json', json(cdktfFile(spec))],
    ['ollama-eks.yaml', dump({ region: spec.region, cluster: spec.clusterName })],
    ...(spec.exposure.kind === 'kong' ? [[KONG_WORKFLOW, kongWorkflow()] as const] : []),
    [REPORT_WORKFLOW, reportWorkflow(spec)],
    ['.env.example', envExample(spec)],
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

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
