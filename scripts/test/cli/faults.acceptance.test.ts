import { FAULT_EFFECTS, type FaultName } from '../../../test/emulators/konnect';
import { runTool, type ToolAnswer } from '../../../test/emulators/tools';
import { COURSES, type Course } from './kills';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));

/** What a child may do instead of its work. */
const TOOL_FAULTS: Readonly<Record<string, ToolAnswer>> = {
  fails: { exitCode: 1, stdout: '', stderr: 'Error: something went wrong' },
  denied: { exitCode: 254, stdout: '', stderr: 'An error occurred (AccessDenied): not authorized to perform' },
  expired: { exitCode: 254, stdout: '', stderr: 'An error occurred (ExpiredToken): the security token is expired' },
  quota: { exitCode: 254, stdout: '', stderr: 'VcpuLimitExceeded: You have requested more vCPU capacity' },
  throttled: { exitCode: 254, stdout: '', stderr: 'An error occurred (Throttling): Rate exceeded' },
  'not JSON': { exitCode: 0, stdout: '<html>Sign in</html>', stderr: '' },
  missing: { exitCode: 127, stdout: '', stderr: 'command not found' },
  killed: { exitCode: 137, stdout: '', stderr: '' },
};

/** Exit codes that each fault may end in; 0 only if the final state is right. */
const ALLOWED: Readonly<Record<string, readonly number[]>> = {
  fails: [6],
  denied: [3],
  expired: [3],
  quota: [4],
  throttled: [5],
  'not JSON': [6],
  missing: [2],
  killed: [6],
};

/** Children whose output is read as JSON. */
const READS_JSON = /^aws (?!eks)|^kubectl|^deck gateway diff|^terraform (output|show)/;

/** Answers of status 200 to a write that decK takes for success: it does not read them. */
const UNREAD_BY_DECK: readonly FaultName[] = ['nullAnswer', 'emptyAnswer', 'otherObject', 'tooLarge'];
const REMEDY =
  /run the (same )?command again|install it|deploy it first|set KONNECT_TOKEN|konnect accounts|correct the value|ask Kong|konnect status|by hand|could not be read/;

/** `terraform apply infra`: what a call is, whatever its ids. */
function kindOf(tool: string, args: readonly string[]): string {
  const words = args.filter((word) => !word.startsWith('-'));
  const stack = /stacks\/(\w+)/.exec(args[0] ?? '')?.[1];
  return [tool, ...(stack === undefined ? words.slice(0, 2) : [words[0], stack])].join(' ').replace(/\/\S+/g, '');
}

describe.each(COURSES)('$name, each call × each fault', ({ name, prepare, run }: Course) => {
  const counts = new Map<string, number>();
  let wanted = '';
  let kinds: string[] = [];
  let routes: (readonly [method: string, route: string])[] = [];

  beforeAll(async () => {
    const rig = new CliRig();
    await prepare(rig);
    const [children, requests] = [rig.children.length, rig.konnect.journal.length];
    await run(rig);
    wanted = JSON.stringify(rig.snapshot());
    kinds = [...new Set(rig.children.slice(children).map(({ tool, args }) => kindOf(tool, args)))];
    const keys = new Set(rig.konnect.journal.slice(requests).map(({ method, route }) => `${method} ${route}`));
    routes = [...keys]
      .map((key) => key.split(' ') as [string, string])
      .filter(([, route]) => route.includes('core-entities') || route.includes('runtime_groups'));
    rig.dispose();
  });

  afterAll(() => {
    const table = [...counts].sort().map(([outcome, count]) => `${outcome} ${String(count)}`);
    process.stdout.write(
      `fault matrix, ${name}: ${String(kinds.length)} kinds of children, ${String(routes.length)} requests; ${table.join(', ')}\n`,
    );
  });

  async function suffer(
    cell: string,
    rig: CliRig,
    disturbed: ReturnType<Course['run']>,
    allowed: readonly number[],
  ): Promise<void> {
    const { code, err } = await disturbed;
    rig.konnect.faults.clear();
    expect({ cell, allowed, ok: allowed.includes(code ?? -1), code, err }).toMatchObject({ ok: true });
    if (code !== 0) {
      expect({ cell, err }).toEqual({ cell, err: expect.stringMatching(REMEDY) });
      expect({ cell, code: (await run(rig)).code }).toEqual({ cell, code: 0 });
    }
    expect({ cell, state: JSON.stringify(rig.snapshot()) }).toEqual({ cell, state: wanted });
    const outcome = code === 0 ? 'done' : `exit ${String(code)}`;
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    rig.dispose();
  }

  it.each(Object.keys(TOOL_FAULTS))('a child %s', async (fault) => {
    for (const kind of kinds.filter((one) => fault !== 'not JSON' || READS_JSON.test(one))) {
      const rig = new CliRig();
      await prepare(rig);
      let struck = false;
      const disturbed = run(rig, {
        tool: ({ tool, args }) => {
          if (struck || kindOf(tool, args) !== kind) return undefined;
          struck = true;
          return TOOL_FAULTS[fault];
        },
      });
      await suffer(`${kind} ${fault}`, rig, disturbed, ALLOWED[fault] ?? []);
    }
  });

  it.each(Object.keys(FAULT_EFFECTS) as FaultName[])('a request meets %s', async (fault) => {
    for (const [method, route] of routes.filter(([one]) => one === 'GET' || !UNREAD_BY_DECK.includes(fault))) {
      const rig = new CliRig();
      await prepare(rig);
      rig.konnect.faults.add({ method, route, effect: FAULT_EFFECTS[fault] });
      await suffer(`${method} ${route} ${fault}`, rig, run(rig), [0, 2, 3, 4, 5, 6]);
    }
  });
});

test('the stand-ins refuse what the real programs refuse', async () => {
  const rig = new CliRig();
  await rig.deploy();
  const world = {
    state: rig.tools,
    now: () => rig.clock.now(),
    sleep: () => Promise.resolve(),
    fetch: rig.konnect.fetch,
    attachments: () =>
      Promise.resolve([{ id: 'tgw-attach-1', state: 'ready', transitGatewayId: 'tgw-0123456789abcdef0' }]),
    accept: () => Promise.resolve(),
  };
  const chdir = `-chdir=${rig.directory}/cdktf.out/stacks/infra`;
  const call = (tool: string, ...args: string[]) => runTool(world, { tool, args, env: {} });
  expect((await call('terraform', chdir, 'destroy')).stderr).toContain('DependencyViolation');
  Reflect.deleteProperty(rig.tools.stacks, 'platform');
  expect((await call('terraform', chdir, 'destroy')).stderr).toContain('non-deleted VPC Attachments');
  expect((await call('aws', 'sts', 'get-caller-identity')).stderr).toContain('region');
  rig.dispose();
});
