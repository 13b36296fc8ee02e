import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { synthProject, type ToolAnswer, type ToolCall } from '../../../test/emulators/tools';
import { CliRig, type RunControl } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(20_000);

const KEPT = { 'argocd.argoproj.io/sync-options': 'Prune=false' };
const POOL = { 'ollama-eks/pool': 'gpu' };

/** Objects of the project's tree. */
const claim = (name: string, annotations: object = KEPT) =>
  kubernetes('v1', 'PersistentVolumeClaim', name, { resources: { requests: { storage: '256Gi' } } }, annotations);
const servers = (timeout: string) =>
  kubernetes('apps/v1', 'StatefulSet', 'ollama', { template: { spec: { containers: [{ args: [timeout] }] } } });

let rig: CliRig;
let rendered: readonly object[];
let cluster: readonly Kubernetes[];

beforeEach(() => {
  rig = new CliRig();
  rendered = [claim('models-a'), servers('600')];
  cluster = [];
});
afterEach(() => rig.dispose());

interface Kubernetes {
  readonly kind: string;
  readonly metadata: { readonly annotations?: object };
}

function kubernetes(apiVersion: string, kind: string, name: string, spec: object, annotations: object = {}) {
  return { apiVersion, kind, metadata: { name, namespace: 'ollama', labels: POOL, annotations }, spec };
}

/** An object as Helm has created it. */
function applied<Type extends Kubernetes>(object: Type): Type {
  const { metadata } = object;
  const annotations = { ...metadata.annotations, 'meta.helm.sh/release-name': 'ollama' };
  return { ...object, metadata: { ...metadata, annotations } };
}

/** The project's program, with a tree that Helm delivers, and a cluster with its own objects. */
const world: RunControl = {
  env: { CDKTF_CONTEXT_JSON: JSON.stringify({ delivery: 'helm' }) },
  tool: (call) => (call.tool === 'sh' ? synthesized(call) : call.tool === 'kubectl' ? found(call.args) : undefined),
};

function synthesized({ env, cwd = '' }: ToolCall): ToolAnswer {
  const output = resolve(cwd, env['CDKTF_OUTDIR'] ?? '');
  synthProject(output, env['CDKTF_CONTEXT_JSON'] ?? '{}', true);
  const chart = join(output, 'stacks/platform/assets/helm_chart-ollama/0a');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'name: ollama\n');
  rendered.forEach((object, index) =>
    writeFileSync(join(chart, 'templates', `${String(index)}.yaml`), JSON.stringify(object)),
  );
  return { exitCode: 0, stdout: '', stderr: '' };
}

/** Answers for the kinds of the tree; Argo CD and the Gateway API are not installed. */
function found(args: readonly string[]): ToolAnswer | undefined {
  const kind = args[args.indexOf('get') + 1] ?? '';
  if (kind === 'application.argoproj.io' || kind.includes('gateway.networking')) {
    return { exitCode: 1, stdout: '', stderr: `error: the server doesn't have a resource type "${kind}"` };
  }
  const items = cluster.filter((object) => object.kind.toLowerCase() === kind.split('.')[0]);
  const isListed = ['persistentvolumeclaim', 'statefulset.apps'].includes(kind) && cluster.length > 0;
  return isListed ? { exitCode: 0, stdout: JSON.stringify({ items }), stderr: '' } : undefined;
}

const diff = (...args: readonly string[]) => rig.run(['diff', ...args], world);
const asks = (err: string) => err.split('\n').filter((line) => line.includes('would lose'));

describe('before anything exists', () => {
  it('says what would be created, and what cannot be compared yet', async () => {
    const { code, out } = await diff();
    expect(code).toBe(0);
    expect(out).toContain('infra: 5 to create, 0 to update, 0 to replace, 0 to delete\n');
    expect(out).toContain('platform: cannot be planned yet: ');
    expect(out).toContain('GitOps tree: cannot be compared yet: Unable to connect to the server');
    expect((await diff('--exit-code')).code).toBe(7);
    expect(rig.writes).toBe(0);
  });
});

describe('of a running installation', () => {
  beforeEach(async () => {
    expect((await rig.deploy(world)).code).toBe(0);
    cluster = [claim('models-a'), servers('600')].map(applied);
  });

  it('finds nothing if nothing has changed, with exit code 0', async () => {
    const { code, out } = await diff('--exit-code');
    expect({ code, out }).toEqual({
      code: 0,
      out:
        'infra: 0 to create, 0 to update, 0 to replace, 0 to delete\n' +
        'platform: 0 to create, 0 to update, 0 to replace, 0 to delete\n' +
        'GitOps tree: 0 to create, 0 to update, 0 to delete\n',
    });
  });

  it('names in words what would be lost, with exit code 7 if asked for', async () => {
    cluster = [claim('models-a', {}), servers('600')].map(applied);
    rendered = [claim('models-b'), servers('900')];
    const { code, out } = await diff();
    expect(code).toBe(0);
    expect(out).toContain(`GitOps tree: 1 to create, 1 to update, 1 to delete
  delete PersistentVolumeClaim ollama/models-a
    the volume with 19 GB of models is deleted and pulled again (about 1 min)
  create PersistentVolumeClaim ollama/models-b
    pool gpu gets a new, empty volume: 19 GB of models are pulled again (about 1 min)
  update StatefulSet ollama/ollama
    servers of pool gpu restart one at a time, and load their models again (about 1 min) each
`);
    expect(await diff('--exit-code')).toMatchObject({
      code: 7,
      err: expect.stringContaining('differs from the project'),
    });
    expect(JSON.parse((await diff('--json')).out)).toMatchObject({
      cluster: 'ollama-g5-12xlarge',
      differs: true,
      stacks: [{ stack: 'infra', losses: [] }, { stack: 'platform' }],
      tree: {
        counts: { create: 1, update: 1, delete: 1 },
        effects: [
          { effect: 'loses', subject: 'models', name: 'gpu' },
          { effect: 'interrupts' },
          { subject: 'servers' },
        ],
      },
    });
  });

  it('names a volume that stays, and does not ask about it', async () => {
    cluster = [claim('models-a'), claim('models-old'), servers('600')].map(applied);
    expect((await diff()).out).toContain(
      'keep PersistentVolumeClaim ollama/models-old\n    the volume stays, with its models, and costs money until you delete its claim\n',
    );
    expect((await diff('--exit-code')).code).toBe(0);
    const { code, err } = await rig.deploy(world);
    expect([code, asks(err)]).toEqual([0, []]);
  });

  it('with --exit-code, fails if something cannot be compared', async () => {
    const tool: RunControl['tool'] = (call, index) =>
      call.tool === 'kubectl' ? { exitCode: 1, stdout: '', stderr: 'Unable to connect' } : world.tool?.(call, index);
    const end = await rig.run(['diff', '--exit-code'], { ...world, tool });
    expect(end).toMatchObject({ code: 6, err: expect.stringContaining('cannot be compared: the GitOps tree') });
  });

  it.each([
    [/^terraform .*infra show/, 'infra: cannot be planned yet: terraform printed JSON that is not an object;'],
    [/^kubectl .*get statefulset/, 'GitOps tree: cannot be compared yet: kubectl printed JSON that is not an object;'],
  ])('names the program if %s answers null', async (command, words) => {
    const env = { CDKTF_CONTEXT_JSON: JSON.stringify({ delivery: 'helm', vpcCidr: '10.9.0.0/16' }) };
    const tool: RunControl['tool'] = (call, index) =>
      command.test([call.tool, ...call.args].join(' '))
        ? { exitCode: 0, stdout: 'null', stderr: '' }
        : world.tool?.(call, index);
    const { code, out } = await rig.run(['diff'], { env, tool });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(words) });
  });

  it('does not claim as JSON that nothing differs if something cannot be compared', async () => {
    const tool: RunControl['tool'] = (call, index) =>
      call.tool === 'kubectl' ? { exitCode: 1, stdout: '', stderr: 'Unable to connect' } : world.tool?.(call, index);
    const { code, out } = await rig.run(['diff', '--json'], { ...world, tool });
    expect([code, JSON.parse(out)]).toMatchObject([0, { differs: null, tree: { problem: 'Unable to connect' } }]);
  });

  describe('deploy', () => {
    beforeEach(() => {
      rendered = [claim('models-b'), servers('600')];
    });

    it('does not start what pulls models again without consent', async () => {
      const { code, err } = await rig.deploy(world);
      expect(code).toBe(2);
      expect(err).toMatch(
        /the GitOps tree would lose 1: create PersistentVolumeClaim ollama\/models-b; .*--allow-deletions/,
      );
    });

    it('names what would be lost before its first question', async () => {
      const writes = rig.writes;
      const { err } = await rig.run(['deploy'], { ...world, answer: 'no' });
      expect(err).toMatch(
        /pool gpu gets a new, empty volume: 19 GB of models[^]*Deploy ollama-g5-12xlarge\?[^]*nothing was changed/,
      );
      expect(rig.writes).toBe(writes);
    });

    it('asks, and continues only on yes', async () => {
      const no = await rig.run(['deploy'], { ...world, answer: ['yes', 'no'] });
      expect(no).toMatchObject({ code: 2, err: expect.stringContaining('models-b. Continue? [y/N]') });
      expect((await rig.run(['deploy'], { ...world, answer: 'yes' })).code).toBe(0);
    });

    it('continues with --allow-deletions', async () => {
      const { code, err } = await rig.run(['deploy', '--yes', '--allow-deletions'], world);
      expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('pool gpu gets a new, empty volume') });
    });
  });
});

describe('synthesizes', () => {
  const synths = () => rig.children.filter(({ tool }) => tool === 'sh').length;
  const plans = () => rig.children.filter(({ tool, args }) => tool === 'terraform' && args[1] === 'plan').length;

  it.each([
    ['twice with Kong, whose account and attachment it reads in between', true, 2],
    ['once without it', false, 1],
  ])('%s', async (_, kong, times) => {
    rig.dispose();
    rig = new CliRig({ kong });
    const { code, out } = await rig.run(['diff']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('infra: ') });
    expect([synths(), plans()]).toEqual([times, 2]);
  });
});
