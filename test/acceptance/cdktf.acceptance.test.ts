/** CDKTF's own command line, in an example and in a project of `init` that nobody has built yet. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { leaveOut } from '../support/leave-out';
import { readStubLog, runProgram, suite, tool, workDir } from './support';
import { BIN } from './support/cli-site';
import { dropAccountChecks } from './support/stack-json';

const REPOSITORY = resolve(__dirname, '../..');
const EXAMPLE = 'g5-xlarge';
const CLI = ['--yes', 'cdktf-cli@0.21'];
/** Keeps stand-ins out of the cache of providers in the user's home. */
const NO_CACHE = { CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1' };

/** Whether npx finds CDKTF's command line, in its cache or in a registry. */
function hasCdktf(): boolean {
  try {
    const env = { ...process.env, ...NO_CACHE };
    execFileSync('npx', [...CLI, '--version'], { cwd: tmpdir(), env, stdio: 'ignore', timeout: 120_000 });
    return true;
  } catch {
    return false;
  }
}

if (hasCdktf()) {
  suite('cdktf with a stand-in for AWS', ['terraform', 'stub-providers'], () => {
    const dir = workDir();
    life('an example', () => checkout(join(dir, 'checkout')));
    life('a project of init', () => newProject(join(dir, 'project')));
  });
} else {
  leaveOut('cdktf with a stand-in for AWS', 'not on this machine: cdktf-cli');
}

/** Declares the life of a project, from nothing to nothing. */
function life(name: string, create: () => Promise<string>): void {
  describe(name, () => {
    let project: string;
    const steps = () => join(project, 'steps.log');
    const changes = (op: string) => readStubLog(steps()).filter((step) => step.op === op).length;
    const cdktf = async (...args: string[]): Promise<string> => {
      const { stdout } = await runProgram('npx', [...CLI, ...args], {
        cwd: project,
        env: {
          CHECKPOINT_DISABLE: '1',
          ...NO_CACHE,
          TF_CLI_CONFIG_FILE: tool('stub-providers'),
          NO_COLOR: '1',
          CI: '1',
          STUB_LOG: steps(),
        },
      });
      return stripVTControlCharacters(stdout);
    };
    /** Runs a command on what `synth` wrote. The lock file would need a registry, which stand-ins do not have. */
    const terraform = (...args: string[]) => cdktf(...args, '--skip-synth', '--skip-provider-lock');

    beforeAll(async () => {
      project = await create();
    });

    test('cdktf list builds the project and names its stacks', async () => {
      const stdout = await cdktf('list');
      expect(stdout).toMatch(/^infra +cdktf.out\/stacks\/infra *$/m);
      expect(stdout).toMatch(/^platform +cdktf.out\/stacks\/platform *$/m);
    });

    test('cdktf synth writes them', async () => {
      expect(await cdktf('synth')).toContain('Generated Terraform code for the stacks: infra, platform');
      // What a stand-in invents never passes the checks of the account.
      expect(dropAccountChecks(join(project, 'cdktf.out/stacks/infra'))).toBeGreaterThan(1);
    });

    test('cdktf diff, deploy and destroy', async () => {
      expect(await terraform('diff', 'infra')).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
      await terraform('deploy', 'infra', 'platform', '--auto-approve');
      const created = changes('create');
      expect(created).toBeGreaterThan(50);
      for (const stack of ['infra', 'platform']) expect(await terraform('diff', stack)).toContain('No changes.');
      await terraform('destroy', 'infra', 'platform', '--auto-approve');
      expect(changes('delete')).toBe(created);
    });
  });
}

/** Copies what Git has of an example and of what it needs, so that nothing is built. Dependencies are those of this repository. */
function checkout(root: string): Promise<string> {
  const patterns = ['package.json', 'tsconfig.base.json', 'packages', `examples/${EXAMPLE}`];
  const files = execFileSync('git', ['ls-files', ...patterns], { cwd: REPOSITORY, encoding: 'utf8' })
    .trim()
    .split('\n');
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(REPOSITORY, file), join(root, file));
  }
  const modules = join(REPOSITORY, 'node_modules');
  mkdirSync(join(root, 'node_modules/@org'), { recursive: true });
  for (const name of readdirSync(modules).filter((entry) => entry !== '@org')) {
    symlinkSync(join(modules, name), join(root, 'node_modules', name));
  }
  const library = 'packages/ollama-eks';
  symlinkSync(join(root, library), join(root, 'node_modules/@org/ollama-eks'));
  symlinkSync(join(REPOSITORY, library, 'node_modules'), join(root, library, 'node_modules'));
  return Promise.resolve(join(root, 'examples', EXAMPLE));
}

async function newProject(root: string): Promise<string> {
  const repository = ['--repository', 'https://github.com/acme/platform'];
  await runProgram(process.execPath, [BIN, 'init', root, '--yes', ...repository]);
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  await runProgram('npm', ['run', 'check'], { cwd: root });
  return root;
}
