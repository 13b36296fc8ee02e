import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { exampleNames } from '@org/ollama-eks-tools/examples';
import { readmeProgram } from '@org/ollama-eks-tools/readme-program';
import { runProgram, workDir } from '../acceptance/support';
import { compile, compileAndRun, consumer, filesIn, pack, REPOSITORY } from './consumer';

const PACKAGES = ['library', 'commandLine'] as const;
// Without skipLibCheck: a declaration that imports a package which users do not have fails.
const STRICT = { target: 'ES2022', strict: true, skipLibCheck: false, types: [] };

describe('packages as npm publishes them', () => {
  const dir = workDir();
  const installed = join(dir, 'consumer');
  let packed: Awaited<ReturnType<typeof pack>>;

  beforeAll(async () => {
    packed = await pack(join(dir, 'packed'));
    const { devDependencies } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const peers = Object.entries(devDependencies).filter(([name]) =>
      /^(@cdktf\/provider-.*|cdktf|constructs)$/.test(name),
    );
    await consumer(installed, [
      ...PACKAGES.map((name) => packed[name].tarball),
      ...peers.map(([name, version]) => `${name}@${version}`),
    ]);
  });

  test('contain the files that are needed at run time, and nothing else', () => {
    const files = ['ollama-eks', 'ollama-eks-scripts'].flatMap((name) =>
      filesIn(join(installed, 'node_modules/@org', name)),
    );
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'lib/index.js',
        'lib/index.d.ts',
        'bin/ollama-eks.js',
        'lib/bin.js',
        'schemas/status.schema.json',
        'skills/ollama-eks/SKILL.md',
        'llms.txt',
      ]),
    );
    expect(
      files.filter(
        (file) =>
          !/^(LICENSE|README\.md|CHANGELOG\.md|package\.json|bin\/ollama-eks\.js|lib\/.+\.(js|d\.ts)|schemas\/[\w-]+\.schema\.json|skills\/.+\.md|llms\.txt)$/.test(
            file,
          ),
      ),
    ).toEqual([]);
    expect(files.filter((file) => /test\.|\.tsbuildinfo$/.test(file))).toEqual([]);
  });

  test.each(PACKAGES)('%s passes publint', async (name) => {
    const publint = join(REPOSITORY, 'node_modules/.bin/publint');
    await runProgram(publint, ['--strict', '--pack', 'npm'], { cwd: packed[name].folder });
  });

  test.each(PACKAGES)('%s would be published, publicly', async (packageName) => {
    const { name, version } = JSON.parse(readFileSync(join(packed[packageName].folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
    };
    // A silent npm around the tests would silence this one, too.
    const publish = ['publish', '--dry-run', '--loglevel', 'notice'];
    const { stdout, stderr } = await runProgram('npm', publish, { cwd: packed[packageName].folder });
    expect(stdout.trim()).toBe(`+ ${name}@${version}`);
    expect(stderr).toMatch(/with tag latest and public access \(dry-run\)/);
  });

  test('can be installed in two steps: the library, and later the command line', async () => {
    const folder = join(dir, 'two-steps');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
    const quiet = ['--legacy-peer-deps', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
    for (const name of PACKAGES) await runProgram('npm', ['install', ...quiet, packed[name].tarball], { cwd: folder });
    const { stdout } = await runProgram(join(folder, 'node_modules/.bin/ollama-eks'), ['models', 'size', 'qwen3:8b']);
    expect(stdout).toContain('g6.xlarge');
  });

  test("the README's program compiles and synthesizes as CommonJS", async () => {
    const project = join(installed, 'commonjs');
    await compileAndRun(project, readmeProgram(), { ...STRICT, module: 'commonjs', moduleResolution: 'node10' });
    expect(readdirSync(join(project, 'cdktf.out/stacks')).sort()).toEqual(['infra', 'platform']);
  });

  test("the README's program compiles and synthesizes as an ES module", async () => {
    const project = join(installed, 'esm');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
    await compileAndRun(project, readmeProgram(), { ...STRICT, module: 'nodenext', moduleResolution: 'nodenext' });
    expect(existsSync(join(project, 'cdktf.out/manifest.json'))).toBe(true);
  });

  test("the skill's program compiles and synthesizes", async () => {
    const skill = readFileSync(join(installed, 'node_modules/@org/ollama-eks/skills/ollama-eks/SKILL.md'), 'utf8');
    const [, program = ''] = /^```typescript\n([^]*?)^```$/m.exec(skill) ?? [];
    const project = join(installed, 'skill');
    await compileAndRun(project, program, { ...STRICT, module: 'nodenext', moduleResolution: 'nodenext' });
    expect(readdirSync(join(project, 'cdktf.out/stacks')).sort()).toEqual(['infra', 'platform']);
  });

  test.each([
    ['commonjs', 'node10'],
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['preserve', 'bundler'],
  ])('every entry has types as %s with %s', async (module, moduleResolution) => {
    const program = [
      "import { Template } from '@org/ollama-eks/testing';",
      "import { fit } from '@org/ollama-eks/pure';",
      "import { ModuleStack } from '@org/ollama-eks';",
      'export const all: [typeof Template.fromStack, typeof fit, typeof ModuleStack] = [Template.fromStack, fit, ModuleStack];',
    ];
    await compile(join(installed, moduleResolution), program.join('\n'), { ...STRICT, module, moduleResolution });
  });

  test('ES modules can import each export of each entry, and entries share them', async () => {
    const program = [
      "import { createRequire } from 'node:module';",
      "import * as index from '@org/ollama-eks';",
      "import * as pure from '@org/ollama-eks/pure';",
      "import * as testing from '@org/ollama-eks/testing';",
      'const load = createRequire(import.meta.url);',
      "const all = { '': index, '/pure': pure, '/testing': testing };",
      'const names = (path) => Object.keys(load(`@org/ollama-eks${path}`));',
      'const missing = Object.entries(all).flatMap(([path, entry]) => names(path).filter((name) => !(name in entry)));',
      'console.log(JSON.stringify({ missing, shared: index.ValidationError === pure.ValidationError }));',
    ];
    writeFileSync(join(installed, 'entries.mjs'), program.join('\n'));
    const { stdout } = await runProgram(process.execPath, ['entries.mjs'], { cwd: installed });
    expect(JSON.parse(stdout)).toEqual({ missing: [], shared: true });
  });

  test('all exports have the names that they have in the modules, and traces the paths of the modules', () => {
    const named = (folder: string, entry: string): Record<string, string> => {
      const exported = createRequire(join(folder, 'package.json'))(`./lib/${entry}`) as Record<string, unknown>;
      const functions = Object.entries(exported).filter(([, value]) => typeof value === 'function');
      return Object.fromEntries(functions.map(([name, value]) => [name, (value as { readonly name: string }).name]));
    };
    const library = join(installed, 'node_modules/@org/ollama-eks');
    for (const entry of ['index.js', 'pure.js', 'testing/index.js']) {
      expect(named(library, entry)).toEqual(named(join(REPOSITORY, 'packages/ollama-eks'), entry));
    }
    const bundle = readFileSync(join(library, 'lib/bundle.js'), 'utf8');
    const modules = [...bundle.matchAll(/^ {2}"(.+)"\(exports/gm)].map(([, path]) => path);
    expect(modules).toContain('lib/errors.js');
    expect(modules.filter((path) => path?.startsWith('lib/') !== true)).toEqual([]);
  });

  test('no file refers to a source map that is not packed', () => {
    const library = join(installed, 'node_modules/@org');
    const files = filesIn(library).filter((file) => /\.(js|d\.ts)$/.test(file));
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => readFileSync(join(library, file), 'utf8').includes('sourceMappingURL='))).toEqual([]);
  });

  test('no declaration refers to the constructors of all resources, which compilers would load', () => {
    const library = join(installed, 'node_modules/@org/ollama-eks');
    const declarations = filesIn(library).filter((file) => file.endsWith('.d.ts'));
    expect(declarations).toContain('lib/providers/aws.d.ts');
    const text = (file: string) => readFileSync(join(library, file), 'utf8');
    expect(declarations.filter((file) => text(file).includes("/providers/aws'"))).toEqual([]);
  });

  test.each(exampleNames())(
    '%s synthesizes the same as with the modules of the library, to the byte',
    async (example) => {
      const cwd = join(REPOSITORY, 'examples', example);
      const program = join(installed, `${example}.js`);
      copyFileSync(join(cwd, 'lib/main.js'), program);
      const synthesized = async (main: string): Promise<Record<string, string>> => {
        const outdir = mkdtempSync(join(dir, 'cdktf.out-'));
        await runProgram(process.execPath, [main], { cwd, env: { CDKTF_OUTDIR: outdir } });
        const stacks = join(outdir, 'stacks'); // next to them, the manifest has the traces of warnings
        return Object.fromEntries(filesIn(stacks).map((file) => [file, readFileSync(join(stacks, file), 'utf8')]));
      };
      expect(await synthesized(program)).toEqual(await synthesized(join(cwd, 'lib/main.js')));
    },
  );

  test('there is one copy of the framework', async () => {
    const { stdout } = await runProgram('npm', ['ls', '--all', '--parseable', 'cdktf', 'constructs'], {
      cwd: installed,
    });
    const copies = stdout.split('\n').filter((line) => /[/\\](cdktf|constructs)$/.test(line));
    expect([...new Set(copies)]).toHaveLength(2);
  });

  test('the command line starts', async () => {
    const { stdout } = await runProgram(join(installed, 'node_modules/.bin/ollama-eks'), ['--help']);
    expect(stdout).toContain('Usage: ollama-eks');
  });
});
