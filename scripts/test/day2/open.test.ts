import { World } from './world';

const PASSWORD = 'argo-SENTINEL-password';

let world: World;

beforeEach(() => {
  world = new World();
  world.synthesized();
  world.tools.ports.set('argocd/service/argocd-server', 8080);
  world.tools.fields.set('secret/argocd-initial-admin-secret', Buffer.from(PASSWORD).toString('base64'));
});

afterEach(() => {
  world.remove();
});

function server(replicas: number): void {
  const object = { kind: 'Deployment', metadata: { name: 'argocd-server', namespace: 'argocd' }, spec: { replicas } };
  world.tools.objects = [object];
}

test('prints address and login once, and ends with exit code 0 on Ctrl-C', async () => {
  server(1);
  world.interruptWhenReady();
  const { code, out, err } = await world.run('open', 'argocd');
  expect(out).toBe(`https://127.0.0.1:8080\nuser: admin\npassword: ${PASSWORD}\n`);
  expect(err + JSON.stringify(world.tools.calls)).not.toContain(PASSWORD);
  expect(code).toBe(0);
});

test('prints no password if the initial one was deleted', async () => {
  server(1);
  world.tools.fields.clear();
  world.interruptWhenReady();
  expect(JSON.parse((await world.run('--json', 'open', 'argocd')).out)).toEqual({ url: 'https://127.0.0.1:8080' });
});

test.each([
  ['it has no replicas', 0],
  ['it is not installed', undefined],
])('%s: exit code 2, with how to turn it on', async (_, replicas) => {
  if (replicas !== undefined) server(replicas);
  expect(await world.run('open', 'argocd')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/server: \{ replicas: 1 \}/),
  });
});
