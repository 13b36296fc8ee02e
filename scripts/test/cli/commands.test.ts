import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ToolAnswer, ToolCall } from '../../../test/emulators/tools';
import { CliRig, TOKEN } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(20_000);

const CONFIG_TOKEN = 'spat_SENTINEL_configuration';

let rig: CliRig;
beforeEach(() => {
  rig = new CliRig();
});
afterEach(() => rig.dispose());

describe('konnect', () => {
  it('creates and deletes everything in Konnect for an existing infrastructure', async () => {
    await rig.deploy();
    expect((await rig.run(['konnect', 'down', '--yes'])).code).toBe(0);
    expect([...rig.konnect.world.networks.values()].map(({ state }) => state)).toEqual(['terminated']);
    expect(JSON.parse((await rig.run(['konnect', 'status', '--json'])).out)).toEqual({ objects: [] });
    expect((await rig.run(['konnect', 'up', '--yes'])).code).toBe(0);
    const { objects } = JSON.parse((await rig.run(['konnect', 'status', '--json'])).out) as {
      objects: { kind: string; name: string; state: string }[];
    };
    expect(objects.map(({ kind, name, state }) => `${kind} ${name}: ${state}`)).toEqual([
      'control plane ollama-g5-12xlarge: exists',
      'data plane group us-west-2: ready',
      'network ollama-g5-12xlarge: ready',
      'attachment ollama-g5-12xlarge: ready',
    ]);
    const writes = rig.writes;
    expect((await rig.run(['konnect', 'up', '--yes'])).code).toBe(0);
    expect(rig.writes).toBe(writes);
  });

  it('refuses to create anything before the infrastructure', async () => {
    rig.synth();
    const { code, err } = await rig.run(['konnect', 'up', '--yes']);
    expect({ code, err }).toEqual({ code: 6, err: expect.stringContaining('deploy it first') });
  });

  it('lists what it would delete, with ids, and deletes nothing unconfirmed', async () => {
    await rig.deploy();
    const writes = rig.writes;
    expect((await rig.run(['konnect', 'down'])).code).toBe(2);
    const { out } = await rig.run(['konnect', 'down', '--dry-run']);
    expect(out).toMatch(
      /transit gateway attachment "ollama-g5-12xlarge" \([0-9a-f-]{36}\)[^]*network[^]*control plane/,
    );
    expect(rig.writes).toBe(writes);
  });

  it('refuses a wrong token with exit code 3', async () => {
    const { code, err } = await rig.run(['konnect', 'status', '--cluster', 'ollama'], {
      env: { KONNECT_TOKEN: 'kpat_expired' },
    });
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('set KONNECT_TOKEN') });
  });

  it('reports retries, except with --json, and ends with exit code 5', async () => {
    const status = (...more: string[]) => {
      rig.konnect.faults.clear();
      rig.konnect.faults.add({ effect: { kind: 'drop', carriedOut: false }, times: 99 });
      return rig.run(['konnect', 'status', '--cluster', 'ollama', ...more]);
    };
    const { code, err } = await status();
    expect(code).toBe(5);
    expect(
      err.match(/^warn +look up control plane "ollama": Konnect did not answer .*; retrying in [\d.]+ s$/gm),
    ).toHaveLength(7);
    const silent = await status('--json');
    expect(silent.code).toBe(5);
    expect(silent.err).not.toContain('retrying in');
  });

  it('creates least-privilege accounts, and shows their tokens once', async () => {
    await rig.deploy();
    const first = await rig.run(['konnect', 'accounts']);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^KONNECT_TOKEN=\S+$[^]*^KONNECT_CONFIG_TOKEN=\S+$/m);
    const second = await rig.run(['konnect', 'accounts']);
    expect(second.out).not.toMatch(/KONNECT_TOKEN=/);
    expect(second.out).toContain('--replace');
  });
});

describe('kong', () => {
  beforeEach(async () => {
    await rig.deploy();
  });

  it('finds no changes after a deployment, and ends with exit code 0', async () => {
    const { code, out } = await rig.run(['kong', 'diff', '--exit-code', '--json']);
    expect({ code, counts: JSON.parse(out) }).toEqual({
      code: 0,
      counts: { counts: { creating: 0, updating: 0, deleting: 0 }, refusals: [], breaksStreaming: [] },
    });
    const writes = rig.writes;
    expect(await rig.run(['kong', 'sync'])).toMatchObject({ code: 0, out: 'nothing to do\n' });
    expect(rig.writes).toBe(writes);
  });

  it('distinguishes differences from failures by exit code', async () => {
    const [controlPlane] = rig.konnect.world.controlPlanes.values();
    const routes = rig.konnect.entities.list(controlPlane?.id ?? '', 'routes');
    const route = routes.find(({ name }) => name === 'ollama-health');
    await rig.konnect.fetch(
      `https://us.api.konghq.com/v2/control-planes/${controlPlane?.id ?? ''}/core-entities/routes/${route?.['id'] as string}`,
      { method: 'DELETE', headers: { authorization: `Bearer ${TOKEN}` } },
    );
    expect(await rig.run(['kong', 'diff', '--exit-code'])).toMatchObject({
      code: 7,
      err: 'error: Kong differs from the file: 1 to create, 0 to update, 0 to delete\n',
    });
    expect((await rig.run(['kong', 'diff'])).code).toBe(0);
    expect((await rig.run(['kong', 'diff', '--exit-code', '--file', 'nowhere.yaml'])).code).toBe(2);
  });

  it('refuses to delete more than allowed', async () => {
    const path = join(rig.directory, 'empty.yaml');
    writeFileSync(path, '_format_version: "3.0"\n_info: {select_tags: [ollama-eks-config]}\nservices: []\n');
    expect(await rig.run(['kong', 'diff', '--file', path])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--max-deletes'),
    });
    const writes = rig.writes;
    expect((await rig.run(['kong', 'sync', '--file', path])).code).toBe(2);
    expect(rig.writes).toBe(writes);
    expect((await rig.run(['kong', 'sync', '--file', path, '--max-deletes', '99'])).code).toBe(0);
  });

  it.each([
    ['no tag', '_format_version: "3.0"\nservices: []\n', 'must be exactly'],
    ['a foreign tag', '_info: {select_tags: [ollama-eks-config, other]}\n', 'must be exactly'],
    [
      'consumers',
      '_info: {select_tags: [ollama-eks-config]}\nconsumers: []\n',
      'consumers must not be in the configuration file',
    ],
    ['no state', '- 1\n- 2\n', 'must be exactly'],
  ])('refuses a configuration with %s before decK sees it', async (_, content, message) => {
    const path = join(rig.directory, 'bad.yaml');
    writeFileSync(path, content);
    const before = rig.children.length;
    expect(await rig.run(['kong', 'sync', '--file', path])).toMatchObject({
      code: 2,
      err: expect.stringContaining(message),
    });
    expect(rig.children.slice(before).filter(({ tool }) => tool === 'deck')).toEqual([]);
  });

  describe('consumers of a file', () => {
    const key = 'SENTINEL_key_of_a_team_0123456789abcdef';
    const env = { DECK_KEY_FROM_FILE: key };
    const path = () => join(rig.directory, 'kong-consumers.yaml');
    const sync = (...more: string[]) => rig.run(['-v', 'kong', 'sync', '--consumers', path(), ...more], { env });
    const write = (...names: string[]) =>
      writeFileSync(
        path(),
        [
          '_format_version: "3.0"\n_info: {select_tags: [ollama-eks-consumers]}\nconsumers:',
          ...names.map(
            (name) =>
              `  - username: ${name}\n    keyauth_credentials:\n      - key: '\${{ env "DECK_KEY_FROM_FILE" }}'`,
          ),
        ].join('\n'),
      );
    const consumers = () => {
      const [controlPlane] = rig.konnect.world.controlPlanes.values();
      const found = rig.konnect.entities.list(controlPlane?.id ?? '', 'consumers');
      return found.map(({ username }) => username).sort();
    };

    it('are synced separately, without touching configuration and teams', async () => {
      write('from-file');
      const done = await sync('--max-deletes', '0');
      expect(done.code).toBe(0);
      expect(done.out + done.err + done.calls.join('')).not.toContain(key);
      expect(consumers()).toEqual(['default', 'from-file']);
      expect(await rig.run(['kong', 'diff', '--exit-code'])).toMatchObject({ code: 0 });
      expect((await rig.run(['kong', 'sync', '--consumers', path()])).code).toBe(2); // without the key
    });

    it('are deleted from the file, but not more than allowed', async () => {
      write('from-file');
      await sync();
      write();
      expect(await sync('--max-deletes', '1')).toMatchObject({
        code: 2,
        err: expect.stringContaining('deletes 2 objects'),
      });
      expect((await sync()).code).toBe(0);
      expect(consumers()).toEqual(['default']);
    });

    it('are neither changed nor deleted by `consumers`, and must not have the name of a team', async () => {
      write('from-file');
      await sync();
      for (const verb of ['add', 'rotate', 'remove']) {
        expect(await rig.run(['consumers', verb, 'from-file', '--yes'])).toMatchObject({
          code: 2,
          err: expect.stringContaining('comes from a file'),
        });
      }
      const listed = await rig.run(['consumers', 'list', '--json']);
      expect(listed.err).toContain('also, from a file: from-file');
      expect(JSON.parse(listed.out)).toMatchObject({ teams: [{ name: 'default' }], fromFile: ['from-file'] });
      await rig.run(['consumers', 'remove', 'default', '--yes']);
      expect(consumers()).toEqual(['from-file']);
      await rig.run(['consumers', 'add', 'team-a']);
      write('from-file', 'team-a');
      const refused = await sync();
      expect(refused).toMatchObject({
        code: 6,
        err: expect.stringMatching(/consumer team-a \(.*consumers remove NAME/),
      });
      expect(consumers()).toEqual(['from-file', 'team-a']);
    });
  });

  describe('a plan that does not list what it counts', () => {
    /** decK loses an entry in that many plans, even with one worker. */
    const losing = (plans: number) => {
      let made = 0;
      const tool = ({ tool: name, args }: ToolCall): ToolAnswer | undefined => {
        if (name !== 'deck' || !args.includes('diff')) return undefined;
        made += 1;
        if (made > plans) return undefined;
        const stdout = JSON.stringify({
          changes: { creating: [], updating: [], deleting: [] },
          summary: { creating: 0, updating: 0, deleting: 1, total: 1 },
          errors: [],
        });
        return { exitCode: 0, stdout, stderr: '' };
      };
      return { tool, made: () => made };
    };

    it.each(['diff', 'sync'])('is repeated twice by kong %s', async (command) => {
      const { tool, made } = losing(2);
      expect((await rig.run(['kong', command], { tool })).code).toBe(0);
      expect(made()).toBe(3);
    });

    it.each(['diff', 'sync'])('then ends kong %s with the exit code of a retryable failure', async (command) => {
      const { tool, made } = losing(3);
      const writes = rig.writes;
      const { code, err } = await rig.run(['kong', command], { tool });
      expect({ code, made: made() }).toEqual({ code: 5, made: 3 });
      expect(err).toMatch(/the plan lists 0 deleting and counts 1.*: run the command again/);
      expect(err).not.toContain('--max-deletes');
      expect(rig.writes).toBe(writes);
    });

    it('is refused by kong guard', async () => {
      const plan = join(rig.directory, 'plan.json');
      writeFileSync(plan, losing(1).tool({ tool: 'deck', args: ['gateway', 'diff'], env: {} })?.stdout ?? '');
      const { code, err } = await rig.run(['kong', 'guard', plan]);
      expect({ code, err }).toEqual({ code: 5, err: expect.stringContaining('--parallelism 1') });
      expect(err).not.toContain('--max-deletes');
    });
  });

  it('checks plans and values for a workflow', async () => {
    const plan = join(rig.directory, 'plan.json');
    const write = (kind: string) =>
      writeFileSync(
        plan,
        JSON.stringify({
          changes: { creating: [], updating: [], deleting: [{ kind, name: 'x' }] },
          summary: { creating: 0, updating: 0, deleting: 1 },
          errors: [],
        }),
      );
    write('route');
    expect((await rig.run(['kong', 'guard', plan])).code).toBe(0);
    expect((await rig.run(['kong', 'guard', plan, '--max-deletes', '0'])).code).toBe(2);
    write('consumer');
    expect(await rig.run(['kong', 'guard', plan])).toMatchObject({ code: 2, err: expect.stringContaining('consumer') });
    const file = join(__dirname, '../../../deck/kong-config.yaml');
    expect(await rig.run(['kong', 'guard', '--environment', file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('DECK_OLLAMA'),
    });
  });
});

describe('github setup', () => {
  const env = { KONNECT_CONFIG_TOKEN: CONFIG_TOKEN };
  const workflow = join('.github', 'workflows', 'kong-sync.yml');
  beforeEach(() => {
    mkdirSync(join(rig.directory, dirname(workflow)), { recursive: true });
    writeFileSync(join(rig.directory, workflow), '');
  });

  it('sets nothing without a workflow to start', async () => {
    rmSync(join(rig.directory, workflow));
    const { code, err, calls } = await rig.run(['github', 'setup'], { env });
    expect({ code, err, calls }).toEqual({
      code: 2,
      err: expect.stringContaining(`nor a folder above it has ${workflow}`),
      calls: [],
    });
  });

  it('passes the secret by standard input, and starts the workflow once', async () => {
    await rig.deploy();
    const { code, out, err } = await rig.run(['-v', 'github', 'setup'], { env });
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(rig.tools.github).toMatchObject({
      secrets: { KONNECT_TOKEN: CONFIG_TOKEN.length },
      runs: 1,
      environments: ['konnect'],
    });
    expect(Object.keys(rig.tools.github.variables).sort()).toEqual([
      'KONNECT_CONTROL_PLANE_NAME',
      'KONNECT_REGION',
      'OLLAMA_CA_CERTIFICATE',
      'OLLAMA_GATEWAY_HOSTNAME',
      'OLLAMA_UPSTREAM_HOST',
    ]);
    const argv = JSON.stringify(rig.children.map(({ args }) => args));
    for (const secret of [CONFIG_TOKEN, TOKEN]) expect(out + err + argv).not.toContain(secret);
    expect((await rig.run(['github', 'setup'], { env })).out).toContain('variables unchanged');
    expect(rig.tools.github.runs).toBe(1);
  });

  it('fails if the workflow cannot be started', async () => {
    await rig.deploy();
    const { code, err } = await rig.run(['github', 'setup'], {
      env,
      tool: ({ args }) =>
        args[0] === 'workflow' ? { exitCode: 1, stdout: '', stderr: 'HTTP 422: no workflow_dispatch' } : undefined,
    });
    expect({ code, err }).toEqual({ code: 6, err: expect.stringContaining('workflow_dispatch') });
  });
});
