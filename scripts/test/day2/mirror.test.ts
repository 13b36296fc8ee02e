import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Downloads, ImageDownload } from '@org/ollama-eks/pure';
import { World } from './world';

const ECR = '111122223333.dkr.ecr.us-west-2.amazonaws.com';
const DIGEST = `@sha256:${'0'.repeat(64)}`;
const ISTIOD = { name: 'istiod', version: '1.31.1', repository: 'https://blob.istio.io/istio-release/charts' };
const OLLAMA = { reference: 'docker.io/ollama/ollama:0.32.15', usedBy: ['ollama'] };
const MIRRORED: Downloads = {
  charts: [
    { ...ISTIOD, mirror: `oci://${ECR}/charts` },
    { name: 'own', version: '1.0.0', repository: 'oci://ghcr.io/own', mirror: 'oci://registry.example.com/charts' },
    { name: 'web', version: '1.0.0', repository: 'https://own.example.com', mirror: 'https://charts.example.com' },
    { ...ISTIOD, name: 'cni' },
  ],
  images: [
    { ...OLLAMA, mirror: `${ECR}/mirror/ollama/ollama:0.32.15` },
    { reference: `quay.io/own/a:1${DIGEST}`, mirror: `registry.example.com/own/a:1${DIGEST}`, usedBy: ['own'] },
    { reference: `quay.io/own/b${DIGEST}`, mirror: `registry.example.com/own/b${DIGEST}`, usedBy: ['own'] },
    { reference: "quay.io/own/$(touch pwned)'", mirror: "registry.example.com/own/$(touch pwned)'", usedBy: ['own'] },
    { reference: 'registry.example.com/stays:1', usedBy: ['own'] },
  ],
};

let world: World;

beforeEach(() => {
  world = new World();
  world.synthesized();
});

afterEach(() => {
  world.remove();
});

function synthesized(...deliveries: readonly Downloads[]): void {
  put({ formatVersion: 1, deliveries });
}

function put(content: object): void {
  writeFileSync(join(world.directory, 'cdktf.out/stacks/infra/downloads.json'), JSON.stringify(content));
}

describe('mirror list', () => {
  it('lists charts and images, with their mirrors', async () => {
    synthesized({ charts: [ISTIOD], images: [OLLAMA] });
    expect(await world.run('mirror', 'list')).toMatchObject({
      code: 0,
      out: [
        'charts',
        '  istiod 1.31.1 of https://blob.istio.io/istio-release/charts',
        '',
        'images',
        '  docker.io/ollama/ollama:0.32.15',
        '',
      ].join('\n'),
    });
    synthesized(MIRRORED);
    const { out } = await world.run('mirror', 'list');
    expect(out).toContain(`  docker.io/ollama/ollama:0.32.15\n    from ${ECR}/mirror/ollama/ollama:0.32.15\n`);
  });

  it('--json prints each once with all that use it, even if several deliveries download it', async () => {
    const [ollama, ...images] = MIRRORED.images as [ImageDownload, ...ImageDownload[]];
    synthesized(MIRRORED, { charts: [ISTIOD], images: [{ ...ollama, usedBy: ['canary', 'ollama'] }] });
    const { out } = await world.run('--json', 'mirror', 'list');
    expect(JSON.parse(out)).toEqual({
      charts: [...MIRRORED.charts, ISTIOD],
      images: [{ ...ollama, usedBy: ['canary', 'ollama'] }, ...images],
    });
    synthesized({ charts: [], images: [{ ...ollama, usedBy: ['canary'] }] }, MIRRORED);
    expect(JSON.parse((await world.run('--json', 'mirror', 'list')).out)).toEqual({
      ...MIRRORED,
      images: [{ ...ollama, usedBy: ['canary', 'ollama'] }, ...images],
    });
  });

  it('ends with exit code 2 without a delivery, and for a list of another version', async () => {
    expect(await world.run('mirror', 'list')).toMatchObject({
      code: 2,
      err: expect.stringContaining('has no delivery'),
    });
    put({ formatVersion: 2 });
    expect(await world.run('mirror', 'list')).toMatchObject({ code: 2, err: expect.stringContaining('format 2') });
  });
});

describe('mirror script', () => {
  /** Runs the script with programs that log their arguments; those that are asked for an existing object succeed. */
  function runScript(script: string, existing: boolean): readonly string[] {
    const folder = join(world.root, existing ? 'again' : 'first');
    const bin = join(folder, 'bin');
    const log = join(folder, 'log');
    mkdirSync(bin, { recursive: true });
    const asks = "'crane digest '*|'helm show '*|'aws ecr describe-repositories '*";
    for (const program of ['crane', 'helm', 'aws']) {
      const path = join(bin, program);
      const pull = 'case "$1" in pull) for word; do :; done; touch "$word/chart-1.tgz" ;; esac';
      const ask = `case "${program} $* " in ${asks}) exit ${existing ? '0' : '1'} ;; esac`;
      writeFileSync(path, `#!/bin/sh\necho "${program} $*" >> "${log}"\n${ask}\n${pull}\n`);
      chmodSync(path, 0o755);
    }
    const file = join(folder, 'mirror.sh');
    writeFileSync(file, script);
    execFileSync('sh', [file], { cwd: folder, env: { PATH: [bin, process.env.PATH].join(delimiter) } });
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
    return readFileSync(log, 'utf8')
      .replace(/\/\S*\/tmp\.\w+/g, 'FOLDER')
      .trim()
      .split('\n');
  }

  it('copies what the mirrors do not have, and creates repositories in ECR', async () => {
    synthesized(MIRRORED);
    const { code, out } = await world.run('mirror', 'script');
    expect(code).toBe(0);
    expect(runScript(out, false)).toEqual([
      `helm show chart oci://${ECR}/charts/istiod --version 1.31.1`,
      'helm pull istiod --repo https://blob.istio.io/istio-release/charts --version 1.31.1 --destination FOLDER',
      'aws ecr describe-repositories --region us-west-2 --registry-id 111122223333 --repository-names charts/istiod',
      'aws ecr create-repository --region us-west-2 --registry-id 111122223333 --repository-name charts/istiod',
      `helm push FOLDER/chart-1.tgz oci://${ECR}/charts`,
      'helm show chart oci://registry.example.com/charts/own --version 1.0.0',
      'helm pull oci://ghcr.io/own/own --version 1.0.0 --destination FOLDER',
      'helm push FOLDER/chart-1.tgz oci://registry.example.com/charts',
      `crane digest ${ECR}/mirror/ollama/ollama:0.32.15`,
      'aws ecr describe-repositories --region us-west-2 --registry-id 111122223333 --repository-names mirror/ollama/ollama',
      'aws ecr create-repository --region us-west-2 --registry-id 111122223333 --repository-name mirror/ollama/ollama',
      `crane copy docker.io/ollama/ollama:0.32.15 ${ECR}/mirror/ollama/ollama:0.32.15`,
      // an earlier image of the same tag is not the pinned one
      `crane digest registry.example.com/own/a:1${DIGEST}`,
      `crane copy quay.io/own/a:1${DIGEST} registry.example.com/own/a:1`,
      `crane digest registry.example.com/own/b${DIGEST}`,
      `crane copy quay.io/own/b${DIGEST} registry.example.com/own/b${DIGEST}`,
      "crane digest registry.example.com/own/$(touch pwned)'",
      "crane copy quay.io/own/$(touch pwned)' registry.example.com/own/$(touch pwned)'",
    ]);
    const again = runScript(out, true);
    expect(again.filter((line) => !/^(crane digest|helm show chart) /.test(line))).toEqual([]);
    expect(again).toHaveLength(6);
  });

  it('says how to sign in, and what it cannot upload', async () => {
    synthesized(MIRRORED);
    const { out } = await world.run('mirror', 'script');
    const login = `aws ecr get-login-password --region us-west-2 | crane auth login --username AWS --password-stdin ${ECR}`;
    expect(out).toContain(`\n#   ${login}\n`);
    expect(out).toContain('\n#   helm registry login registry.example.com\n');
    expect(out).toContain(
      '\n# Helm cannot upload to https://charts.example.com: upload web 1.0.0 of https://own.example.com',
    );
    expect(JSON.parse((await world.run('--json', 'mirror', 'script')).out)).toEqual({ script: out.trimEnd() });
  });

  it('fails if a copy fails', async () => {
    synthesized(MIRRORED);
    const { out } = await world.run('mirror', 'script');
    const bin = join(world.root, 'bin');
    mkdirSync(bin);
    for (const program of ['crane', 'helm', 'aws']) {
      writeFileSync(join(bin, program), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    }
    const env = { PATH: [bin, process.env.PATH].join(delimiter) };
    expect(() => execFileSync('sh', { input: out, env, stdio: ['pipe', 'ignore', 'ignore'] })).toThrow();
  });

  it('ends with exit code 2 if there is nothing to copy', async () => {
    synthesized({ charts: [ISTIOD], images: [OLLAMA] });
    expect(await world.run('mirror', 'script')).toMatchObject({ code: 2, err: expect.stringContaining('set mirrors') });
  });
});
