/**
 * The documentation: every TypeScript snippet compiles, every program is whole, every exported name has a docstring, and READMEs of
 * examples are whole.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as library from '@org/ollama-eks';
import { exampleNames, REPOSITORY } from '@org/ollama-eks-tools/examples';
import * as testing from '@org/ollama-eks/testing';
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};

/** Names that snippets assume, by their types: the code around them in a reader's program. */
const SURROUNDINGS: Readonly<Record<string, string>> = {
  expect: "typeof import('@jest/globals').expect",
  app: "import('cdktf').App",
  stack: "import('@org/ollama-eks').InfrastructureStack",
  cluster: "import('@org/ollama-eks').OllamaGpuCluster",
  exposure: "import('@org/ollama-eks').KongTransitExposure",
  mesh: "import('@org/ollama-eks').AmbientMesh",
  platform: "import('@org/ollama-eks').PlatformStack",
  registry: 'string',
  gpu: "import('@org/ollama-eks').GpuPoolProps",
  models: "readonly import('@org/ollama-eks').OllamaModel[]",
  topic: "import('@cdktf/provider-aws/lib/sns-topic').SnsTopic",
  vpcId: 'string',
  vpcCidr: 'string',
  vpcTags: 'Record<string, string>',
  zones: 'string[]',
  privateSubnetIds: 'string[]',
  transitSubnetIds: 'string[]',
  privateRouteTableIds: 'string[]',
};

/** Declares everything that a snippet may use without an import. What it declares or imports itself has precedence. */
function prelude(): string {
  const values = (from: string, names: readonly string[]) =>
    names.map((name) => `  const ${name}: typeof import('${from}').${name};`);
  return [
    'declare global {',
    ...values('@org/ollama-eks', Object.keys(library)),
    ...values('@org/ollama-eks/testing', Object.keys(testing)),
    ...values('cdktf', ['App', 'TerraformStack', 'TerraformVariable']),
    "  type BackendFactory = import('@org/ollama-eks').BackendFactory;",
    ...Object.entries(SURROUNDINGS).map(([name, type]) => `  const ${name}: ${type};`),
    '}',
    'export {};',
  ].join('\n');
}

/** Returns the TypeScript blocks of a Markdown file. */
function snippets(path: string): string[] {
  const text = readFileSync(join(REPOSITORY, path), 'utf8');
  return [...text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
}

const FILES = execFileSync('git', ['ls-files', '*.md'], { cwd: REPOSITORY, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter(
    (path) => !path.endsWith('.api.md'), // generated from the types
  );
const SNIPPETS = FILES.flatMap((path) => snippets(path).map((code, index) => [`${path} ${String(index + 1)}`, code]));

/** No plan is compared with an account, whatever the credentials of who runs the tests. */
const WITHOUT_ACCOUNT = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

const nameOf = (title: string) => join(__dirname, `${title.replace(/\W+/g, '-')}.ts`);

/** Creates a program of virtual files in this folder. */
function compile(files: ReadonlyMap<string, string>): ts.Program {
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  const read = host.getSourceFile;
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    return text === undefined ? read(path, version, ...rest) : ts.createSourceFile(path, text, version);
  };
  return ts.createProgram([...files.keys()], OPTIONS, host);
}

describe('documentation', () => {
  const broken = "new InfrastructureStack(app, 'infra', { regoin: 'us-west-2' });";
  const files = new Map([
    [nameOf('prelude'), prelude()],
    [nameOf('broken'), `${broken}\nexport {};`],
    ...SNIPPETS.map(([title = '', code = '']) => [nameOf(title), `${code}\nexport {};`] as const),
  ]);
  const program = compile(files);
  const problems = (title: string) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(nameOf(title)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));

  test('the code around the snippets compiles, and an invalid snippet is reported', () => {
    expect(SNIPPETS.length).toBeGreaterThan(6);
    expect(problems('prelude')).toEqual([]);
    expect(problems('broken')).toEqual([expect.stringContaining("'regoin' does not exist")]);
  });

  test.each(SNIPPETS)('%s compiles', (title) => {
    expect(problems(title)).toEqual([]);
  });

  const programs = SNIPPETS.filter(([, code = '']) => code.includes('app.synth()'));

  test('there are programs', () => {
    expect(programs.length).toBeGreaterThanOrEqual(2);
  });

  test.each(programs)('%s is a whole program: it synthesizes, and nothing is left undelivered', (_, code = '') => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { ...OPTIONS, module: ts.ModuleKind.CommonJS },
    });
    const CDKTF_OUTDIR = mkdtempSync(join(tmpdir(), 'documentation-'));
    execFileSync(process.execPath, ['-e', outputText], { cwd: __dirname, env: { ...process.env, CDKTF_OUTDIR } });
    const manifest = JSON.parse(readFileSync(join(CDKTF_OUTDIR, 'manifest.json'), 'utf8')) as {
      stacks: Record<string, { annotations: { message: string }[] }>;
    };
    const messages = Object.values(manifest.stacks).flatMap(({ annotations }) => annotations);
    expect(messages.filter(({ message }) => message.startsWith('Nothing delivers'))).toEqual([]);
    rmSync(CDKTF_OUTDIR, { recursive: true });
  });

  const timed = FILES.flatMap((path) => {
    const [, minutes] =
      /about (\d+) minutes \(`deploy --dry-run`\)/.exec(readFileSync(join(REPOSITORY, path), 'utf8')) ?? [];
    return minutes === undefined ? [] : [[dirname(path), Number(minutes)] as const];
  });

  test('there are minutes of the deployment of every example', () => {
    expect(timed.map(([folder]) => basename(folder)).sort()).toEqual(exampleNames().sort());
  });

  test.each([...exampleNames(), 'hcl-module'])(
    'the README of %s has minutes, costs, needs, and how to deploy, what to expect, and how to destroy',
    (example) => {
      const readme = readFileSync(join(REPOSITORY, 'examples', example, 'README.md'), 'utf8');
      expect(readme.match(/^\| (time to deploy|cost)\b/gm)).toEqual(
        expect.arrayContaining(['| time to deploy', '| cost']),
      );
      const headings = readme.match(/(?<=^## ).*/gm)?.map((heading) => heading.replace('A request', 'Expected output'));
      expect(headings).toEqual(['Needs', 'Deploy', 'Expected output', 'Destroy']);
    },
  );

  test.each(timed)('%s: `deploy --dry-run` prints the %d minutes of its README', (example, minutes) => {
    const args = [join(REPOSITORY, 'scripts/bin/ollama-eks.js'), 'deploy', '--dry-run', '--json'];
    const options = {
      cwd: join(REPOSITORY, example),
      env: WITHOUT_ACCOUNT,
      encoding: 'utf8',
      timeout: 120_000,
    } as const;
    expect(JSON.parse(execFileSync(process.execPath, args, options))).toMatchObject({ minutes });
  });

  test('every exported name has a docstring', () => {
    const checker = program.getTypeChecker();
    const index = program.getSourceFile(join(REPOSITORY, 'packages/ollama-eks/lib/index.d.ts'));
    const symbol = index && checker.getSymbolAtLocation(index);
    const names = symbol === undefined ? [] : checker.getExportsOfModule(symbol);
    expect(names.length).toBeGreaterThan(100);
    const silent = names.filter((name) => {
      const real = name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;
      return real.getDocumentationComment(checker).length === 0;
    });
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});
