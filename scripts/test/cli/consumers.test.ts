import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliRig, TOKEN } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(20_000);

const KEY = /^[A-Za-z0-9_-]{43}$/m;

describe('consumers', () => {
  let rig: CliRig;
  beforeEach(async () => {
    rig = new CliRig();
    await rig.run(['konnect', 'status']);
    await rig.deploy();
  });
  afterEach(() => rig.dispose());

  const entities = (kind: string) => {
    const [controlPlane] = rig.konnect.world.controlPlanes.values();
    return rig.konnect.entities.list(controlPlane?.id ?? '', kind);
  };
  const keysOf = async (team: string) => {
    const { out } = await rig.run(['consumers', 'list', '--json']);
    const { teams } = JSON.parse(out) as { teams: { name: string; keys: unknown[] }[] };
    return teams.find(({ name }) => name === team)?.keys.length;
  };
  const foreign = (path: string, body: unknown) => {
    const [controlPlane] = rig.konnect.world.controlPlanes.values();
    return rig.konnect.fetch(
      `https://us.api.konghq.com/v2/control-planes/${controlPlane?.id ?? ''}/core-entities/${path}`,
      {
        method: 'PUT',
        headers: { authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify(body),
      },
    );
  };

  it('are added with a key of 32 random bytes that is shown once', async () => {
    const added = await rig.run(['consumers', 'add', 'team-a']);
    expect(added.code).toBe(0);
    const key = KEY.exec(added.out)?.[0] ?? '';
    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect(entities('key-auths').map((entity) => entity['key'])).toContain(key);
    for (const argv of [
      ['consumers', 'list'],
      ['consumers', 'list', '--json'],
      ['-v', 'consumers', 'list'],
    ]) {
      const { out, err, calls } = await rig.run(argv);
      expect(out + err + calls.join('')).not.toContain(key);
    }
    for (const flags of [[], ['--dry-run']]) {
      expect(await rig.run(['consumers', 'add', 'team-a', ...flags])).toMatchObject({
        code: 2,
        err: expect.stringContaining('rotate team-a'),
      });
    }
    expect(await keysOf('team-a')).toBe(1);
  });

  it('continue after an interruption between team and key', async () => {
    const { calls } = await rig.run(['consumers', 'add', 'team-a']);
    await rig.run(['consumers', 'remove', 'team-a', '--yes']);
    const at = calls.findIndex((call) => call.startsWith('PUT')) + 1;
    await rig.run(['consumers', 'add', 'team-a'], { killAt: at });
    expect(await keysOf('team-a')).toBe(0);
    expect((await rig.run(['consumers', 'add', 'team-a'])).out).toMatch(KEY);
    expect(entities('consumers').filter(({ username }) => username === 'team-a')).toHaveLength(1);
  });

  it('keep the old key until the rotation is finished', async () => {
    const old = KEY.exec((await rig.run(['consumers', 'add', 'team-a'])).out)?.[0];
    const fresh = KEY.exec((await rig.run(['consumers', 'rotate', 'team-a'])).out)?.[0];
    const keys = () => entities('key-auths').map((entity) => entity['key']);
    expect(keys()).toEqual(expect.arrayContaining([old, fresh]));
    expect(await rig.run(['consumers', 'rotate', 'team-a'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--finish'),
    });
    expect((await rig.run(['consumers', 'rotate', 'team-a', '--finish'])).code).toBe(0);
    expect(keys()).toContain(fresh);
    expect(keys()).not.toContain(old);
    const again = await rig.run(['consumers', 'rotate', 'team-a', '--finish']);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('no rotation is in progress') });
    await rig.run(['consumers', 'rotate', 'team-a']);
    await rig.run(['consumers', 'rotate', 'team-a', '--cancel']);
    expect(keys()).toContain(fresh);
    expect(await keysOf('team-a')).toBe(1);
  });

  it('write a key only to a new file, readable by its owner', async () => {
    const path = join(rig.directory, 'key');
    const { code, out } = await rig.run(['consumers', 'add', 'team-a', '--output', path]);
    expect(code).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const key = readFileSync(path, 'utf8').trim();
    expect(key).toMatch(KEY);
    expect(out).not.toContain(key);
    expect((await rig.run(['consumers', 'add', 'team-b', '--output', path])).code).toBe(2);
    expect(await keysOf('team-b')).toBeUndefined();
  });

  it('leave no file behind if there is no key for it', async () => {
    await rig.run(['consumers', 'add', 'team-a']);
    const path = join(rig.directory, 'key');
    expect((await rig.run(['consumers', 'add', 'team-a', '--output', path])).code).toBe(2);
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, '');
    for (const [output, reason] of [
      [path, 'key already exists; choose another file'],
      [join(rig.directory, 'none/key'), 'cannot be written: a folder of its path does not exist'],
    ] as const) {
      const { code, err } = await rig.run(['consumers', 'add', 'team-b', '--output', output]);
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(reason) });
      expect(err).not.toMatch(/EEXIST|ENOENT/);
    }
  });

  it('get a key with either command if an interrupted run left none, and no old key is mentioned', async () => {
    for (const [index, team] of ['half-a', 'half-b'].entries()) {
      await foreign(`consumers/00000000-0000-4000-8000-${String(index).padStart(12, '0')}`, {
        username: team,
        tags: ['ollama-eks-teams'],
      });
    }
    expect((await rig.run(['consumers', 'add', 'half-a', '--dry-run'])).out).toBe('would give team "half-a" a key\n');
    expect((await rig.run(['consumers', 'remove', 'half-a', '--dry-run'])).out).toMatch(/and no keys\n$/);
    expect((await rig.run(['consumers', 'add', 'half-a'])).out).toMatch(KEY);
    expect(await rig.run(['consumers', 'rotate', 'half-b'])).toMatchObject({ code: 0, err: '' });
  });

  it('have limits of their own, which no sync touches', async () => {
    await rig.run(['consumers', 'add', 'team-a']);
    const limit = (...flags: string[]) => rig.run(['consumers', 'limit', 'team-a', ...flags]);
    const limitOf = async () => {
      const { out } = await rig.run(['consumers', 'list', '--json']);
      const { teams } = JSON.parse(out) as { teams: { name: string; limits?: unknown }[] };
      return teams.find(({ name }) => name === 'team-a')?.limits;
    };
    expect((await limit('--per-minute', '60', '--per-day', '5000')).code).toBe(0);
    expect((await limit('--per-minute', '30')).code).toBe(0);
    const plugins = () => entities('plugins').filter(({ consumer }) => consumer !== undefined);
    expect(plugins()).toMatchObject([
      { name: 'rate-limiting', config: { minute: 30, limit_by: 'consumer', policy: 'local' } },
    ]);
    expect(plugins()[0]?.['consumer']).toEqual({
      id: entities('consumers').find(({ username }) => username === 'team-a')?.['id'],
    });
    const before = plugins();
    expect((await rig.run(['kong', 'sync'])).code).toBe(0);
    const file = join(rig.directory, 'consumers.yaml');
    writeFileSync(file, '_format_version: "3.0"\n_info: {select_tags: [ollama-eks-consumers]}\nconsumers: []\n');
    expect((await rig.run(['kong', 'sync', '--consumers', file])).code).toBe(0);
    expect(plugins()).toEqual(before);
    expect((await rig.run(['consumers', 'list'])).out).toMatch(/team-a .* 30 per minute$/m);
    expect(await limitOf()).toEqual({ perMinute: 30 });
    expect((await limit('--reset', '--dry-run')).out).toContain('from 30 per minute to of the configuration');
    expect((await limit('--reset')).code).toBe(0);
    expect([plugins(), await limitOf()]).toEqual([[], undefined]);
  });

  it('keep a limit that another program set', async () => {
    await rig.run(['consumers', 'add', 'team-a']);
    const id = entities('consumers').find(({ username }) => username === 'team-a')?.['id'];
    const theirs = '00000000-0000-4000-8000-00000000000d';
    await foreign(`plugins/${theirs}`, { name: 'rate-limiting', consumer: { id }, config: { minute: 1 } });
    expect((await rig.run(['consumers', 'list'])).out).toMatch(/team-a .* 1 per minute$/m);
    for (const flags of [
      ['limit', 'team-a', '--per-minute', '9'],
      ['limit', 'team-a', '--per-minute', '9', '--dry-run'],
      ['remove', 'team-a', '--yes'],
      ['remove', 'team-a', '--dry-run'],
    ]) {
      expect(await rig.run(['consumers', ...flags])).toMatchObject({ code: 2, err: expect.stringContaining(theirs) });
    }
    await foreign(`plugins/${theirs}`, { name: 'rate-limiting', consumer: { id }, config: { hour: 1 } });
    expect((await rig.run(['consumers', 'list'])).out).toMatch(/team-a .* set by another program$/m);
    const off = { name: 'rate-limiting', enabled: false, consumer: { id }, config: { minute: 1 } };
    await foreign(`plugins/${theirs}`, off);
    expect((await rig.run(['consumers', 'list'])).out).toMatch(/team-a .* of the configuration$/m);
  });

  it.each([[[]], [['--reset', '--per-day', '1']], [['--per-minute', '0']]])('are not limited by %j', async (flags) => {
    expect((await rig.run(['consumers', 'limit', 'default', ...flags])).code).toBe(2);
  });

  it('of other programs are neither changed nor deleted', async () => {
    const id = '00000000-0000-4000-8000-00000000000a';
    await foreign(`consumers/${id}`, { username: 'theirs' });
    await foreign(`consumers/${id}/key-auth/00000000-0000-4000-8000-00000000000b`, { key: 'k'.repeat(40) });
    for (const verb of ['add', 'rotate', 'remove']) {
      expect(await rig.run(['consumers', verb, 'theirs', '--yes'])).toMatchObject({
        code: 2,
        err: expect.stringContaining(id),
      });
    }
    await rig.run(['consumers', 'add', 'team-a']);
    const ours = entities('consumers').find(({ username }) => username === 'team-a');
    await foreign(`consumers/${ours?.['id'] as string}/acls/00000000-0000-4000-8000-00000000000c`, {
      group: 'theirs',
    });
    expect(await rig.run(['consumers', 'remove', 'team-a', '--yes'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('00000000000c'),
    });
    expect(entities('consumers').map(({ username }) => username)).toEqual(expect.arrayContaining(['theirs', 'team-a']));
  });

  it('are removed with their keys, after confirmation', async () => {
    await rig.run(['consumers', 'add', 'team-a', '--admin']);
    expect(entities('acls')).toMatchObject([{ group: 'ollama-admins' }]);
    expect((await rig.run(['consumers', 'remove', 'team-a'])).code).toBe(2);
    expect((await rig.run(['consumers', 'remove', 'team-a', '--dry-run'])).code).toBe(0);
    expect(await keysOf('team-a')).toBe(1);
    expect((await rig.run(['consumers', 'remove', 'team-a', '--yes'])).code).toBe(0);
    expect(await keysOf('team-a')).toBeUndefined();
    expect(entities('acls')).toEqual([]);
  });
});
