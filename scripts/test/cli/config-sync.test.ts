import fc from 'fast-check';
import { controlPlane, entitiesIn, send, VALUES } from './control-plane';
import { CliRig, TOKEN } from './rig';

jest.setTimeout(30_000);

const KINDS = ['consumers', 'key-auths', 'acls'];

const tags = fc.subarray(['ollama-eks-config', 'ollama-eks-consumers', 'theirs']);

/** Possible contents of a control plane: consumers with any tags, and leftovers of an older configuration. */
const content = fc.record({
  consumers: fc.array(fc.record({ tags, keyTags: tags, aclTags: tags, keys: fc.nat({ max: 2 }), acl: fc.boolean() }), {
    maxLength: 4,
  }),
  services: fc.array(tags, { maxLength: 3 }),
  maxDeletes: fc.nat({ max: 6 }),
});

test('a sync of the configuration never touches a consumer, a key or a group, whatever the state of Kong', async () => {
  let [synced, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(content, async ({ consumers, services, maxDeletes }) => {
      const rig = new CliRig();
      const base = await controlPlane(rig);
      let number = 0;
      const put = async (path: string, body: object): Promise<string> => {
        number += 1;
        const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
        await send(rig, 'PUT', `${base}/${path}/${id}`, body);
        return id;
      };
      for (const [index, consumer] of consumers.entries()) {
        const id = await put('consumers', { username: `team-${String(index)}`, tags: consumer.tags });
        for (let key = 0; key < consumer.keys; key += 1) {
          await put(`consumers/${id}/key-auth`, {
            key: `key-${String(index)}-${String(key)}`.padEnd(40, 'x'),
            tags: consumer.keyTags,
          });
        }
        if (consumer.acl) await put(`consumers/${id}/acls`, { group: 'users', tags: consumer.aclTags });
      }
      for (const [index, serviceTags] of services.entries()) {
        await put('services', { name: `old-${String(index)}`, host: 'old.example.com', tags: serviceTags });
      }
      const before = peek(rig);
      const { code } = await rig.run(['kong', 'sync', '--cluster', 'ollama', '--max-deletes', String(maxDeletes)], {
        env: VALUES,
      });
      const deleted = services.filter((serviceTags) => serviceTags.includes('ollama-eks-config')).length;
      expect({ code, consumers: peek(rig) }).toEqual({ code: deleted > maxDeletes ? 2 : 0, consumers: before });
      if (code === 0) synced += 1;
      else refused += 1;
      rig.dispose();
    }),
    { numRuns: 15, seed: 6 },
  );
  expect(Math.min(synced, refused)).toBeGreaterThan(0);
});

test('the stand-in for decK deletes consumers without tags and flag, as decK does', async () => {
  const rig = new CliRig();
  const base = await controlPlane(rig);
  await send(rig, 'PUT', `${base}/consumers/00000000-0000-4000-8000-000000000001`, {
    username: 'team-a',
    tags: ['ollama-eks-consumers'],
  });
  const { runTool } = jest.requireActual<typeof import('../../../test/emulators/tools')>(
    '../../../test/emulators/tools',
  );
  const { writeFileSync } = jest.requireActual<typeof import('node:fs')>('node:fs');
  const file = `${rig.directory}/untagged.yaml`;
  writeFileSync(file, '_format_version: "3.0"\nservices: []\n');
  const { stdout } = await runTool(
    {
      state: rig.tools,
      now: () => 0,
      sleep: () => Promise.resolve(),
      fetch: rig.konnect.fetch,
      attachments: () => Promise.resolve([]),
      accept: () => Promise.resolve(),
    },
    {
      tool: 'deck',
      args: [
        'gateway',
        'sync',
        file,
        '--konnect-addr',
        'https://us.api.konghq.com',
        '--konnect-control-plane-name',
        'ollama',
      ],
      env: { DECK_KONNECT_TOKEN: TOKEN },
    },
  );
  expect(JSON.parse(stdout)).toMatchObject({ summary: { deleting: 1 } });
  expect(peek(rig)[0]).toEqual([]);
  rig.dispose();
});

function peek(rig: CliRig): unknown[] {
  return KINDS.map((kind) => entitiesIn(rig, kind));
}
