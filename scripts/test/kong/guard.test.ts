import fc from 'fast-check';
import { guardPlan } from '../../src/kong/guard';

const OPTIONS = { maxDeletes: 2 };

type Change = { readonly kind: string; readonly name: string };

function planOf(changes: { creating?: Change[]; updating?: Change[]; deleting?: Change[] }, rest: object = {}) {
  const { creating = [], updating = [], deleting = [] } = changes;
  const summary = {
    creating: creating.length,
    updating: updating.length,
    deleting: deleting.length,
    total: creating.length + updating.length + deleting.length,
  };
  return { changes: { creating, updating, deleting }, summary, warnings: [], errors: [], ...rest };
}

describe('allows', () => {
  it('a plan without changes, including the null lists of decK', () => {
    const counts = { creating: 0, updating: 0, deleting: 0 };
    expect(guardPlan(planOf({}), OPTIONS)).toEqual({ refusals: [], gaps: [], counts });
    const nulls = { ...planOf({}), changes: { creating: null, updating: null, deleting: null }, errors: null };
    expect(guardPlan(nulls, OPTIONS)).toEqual({ refusals: [], gaps: [], counts });
  });

  it.each(['service', 'route', 'plugin', 'upstream', 'target', 'ca_certificate', 'ca-certificate'])(
    'a %s that is created, updated and deleted',
    (kind) => {
      const change = [{ kind, name: 'ollama' }];
      const verdict = guardPlan(planOf({ creating: change, updating: change, deleting: change }), OPTIONS);
      expect(verdict).toEqual({ refusals: [], gaps: [], counts: { creating: 1, updating: 1, deleting: 1 } });
    },
  );

  it('as many deletions as allowed', () => {
    const deleting = [route('a'), route('b')];
    expect(guardPlan(planOf({ deleting }), OPTIONS).refusals).toEqual([]);
  });
});

describe('refuses', () => {
  it('one deletion more than allowed, and names all of them', () => {
    const deleting = [route('a'), route('b'), route('c')];
    expect(guardPlan(planOf({ deleting }), OPTIONS).refusals).toEqual([
      'deletes 3 objects, more than 2: route a, route b, route c; if that is intended: ollama-eks kong sync --max-deletes 3',
    ]);
    expect(guardPlan(planOf({ deleting: [route('a')] }), { maxDeletes: 0 }).refusals).toHaveLength(1);
  });

  it.each([
    'consumer',
    'consumer-group',
    'consumer_group_consumer',
    'key-auth',
    'acl-group',
    'jwt-auth',
    'mtls-auth',
    'vault',
  ])('any change of a %s', (kind) => {
    for (const operation of ['creating', 'updating', 'deleting'] as const) {
      const { refusals } = guardPlan(planOf({ [operation]: [{ kind, name: 'alice' }] }), OPTIONS);
      const known = kind.replaceAll('_', '-');
      expect(refusals).toEqual([`is ${operation} the ${known} alice, which does not belong to the configuration`]);
    }
  });

  it.each([
    ['route invalid', 6],
    ['while processing event: HTTP status 403 (message: "")', 3],
    ['while processing event: HTTP status 429 (message: "API rate limit exceeded")', 5],
  ])('a plan that decK could not finish: %s', (cause, exitCode) => {
    const plan = planOf({}, { errors: [cause, cause], summary: { creating: 1, updating: 0, deleting: 0 } });
    const error = thrownBy(() => guardPlan(plan, OPTIONS));
    expect(error).toMatchObject({ exitCode });
    expect((error as Error).message.split(cause.replace('while processing event: ', ''))).toHaveLength(2);
  });

  it('any change of a key, without showing its end', () => {
    const key = { kind: 'key-auth', name: 'Q7zR9 for consumer alice' };
    expect(guardPlan(planOf({ deleting: [key] }), OPTIONS).refusals).toEqual([
      'is deleting the key-auth ***** for consumer alice, which does not belong to the configuration',
    ]);
  });

  it('with advice about deletions for deletions only', () => {
    const consumer = { kind: 'consumer', name: 'alice' };
    const { refusals } = guardPlan(planOf({ deleting: [consumer] }), OPTIONS);
    expect(refusals).toHaveLength(1);
    expect(refusals.join()).not.toContain('--max-deletes');
  });

  it.each([[undefined], [null], [''], [[]], [{}], [{ changes: [] }], ['{"changes":{}}']])(
    'an invalid plan: %j',
    (plan) => {
      expect(guardPlan(plan, OPTIONS).refusals).toEqual(['the input is not a plan of decK: it has no changes']);
    },
  );

  it.each([[{ deleting: 'all' }], [{ deleting: [null] }], [{ deleting: [{ name: 'x' }] }]])(
    'unreadable changes: %j',
    (changes) => {
      expect(guardPlan({ ...planOf({}), changes }, OPTIONS).refusals).not.toEqual([]);
    },
  );
});

describe('reports gaps of a plan', () => {
  it.each([
    [{ creating: [], updating: [], deleting: [] }, 'the plan lists 0 deleting and counts 1'],
    [{ deleting: [route('a'), route('a')] }, 'the plan lists 2 deleting and counts 1'],
  ])('where it lists more or less than it counts: %j', (changes, gap) => {
    const verdict = guardPlan({ ...planOf({ deleting: [route('a')] }), changes }, OPTIONS);
    expect(verdict).toMatchObject({ refusals: [], gaps: [gap] });
  });

  it('that counts nothing', () => {
    expect(guardPlan(planOf({}, { summary: undefined }), OPTIONS).gaps).toEqual(['the plan has no summary']);
  });
});

it('never allows a plan that changes anything but configuration, whatever else it contains', () => {
  const configuration = fc.constantFrom('service', 'route', 'plugin', 'upstream', 'target', 'ca-certificate');
  const changes = fc.array(fc.record({ kind: configuration, name: fc.string() }), { maxLength: 5 });
  const foreign = fc.record({
    kind: fc.constantFrom('consumer', 'key-auth', 'acl-group', 'Consumer'),
    name: fc.string(),
  });
  fc.assert(
    fc.property(
      changes,
      changes,
      foreign,
      fc.constantFrom('creating', 'updating', 'deleting'),
      (some, more, one, where) => {
        const plan = planOf({ creating: some, updating: more, [where]: [...some, one] });
        expect(guardPlan(plan, { maxDeletes: 100 }).refusals).not.toEqual([]);
      },
    ),
    { seed: 5, numRuns: 200 },
  );
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function route(name: string): Change {
  return { kind: 'route', name };
}
