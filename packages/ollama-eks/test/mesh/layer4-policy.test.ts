import { assert, array, constantFrom, integer, property, record } from 'fast-check';
import { ValidationError } from '../../src/errors';
import { layer4Policy, type Layer4Rule } from '../../src/mesh/layer4-policy';

const NAMED = { name: 'allowed-callers', namespace: 'agents', trustDomain: 'cluster.local' };
const WEB = { serviceAccounts: [{ namespace: 'portal', name: 'web' }] };

describe('a layer-4 authorization policy', () => {
  it('selects identities, namespaces, addresses and ports', () => {
    const rules = [{ from: [WEB, { namespaces: ['batch'], ipBlocks: ['10.0.0.0/16'] }], ports: [8080, 9090] }];
    expect(layer4Policy({ ...NAMED, selector: { app: 'agent' }, rules })).toEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'allowed-callers', namespace: 'agents' },
      spec: {
        action: 'ALLOW',
        selector: { matchLabels: { app: 'agent' } },
        rules: [
          {
            from: [
              { source: { principals: ['cluster.local/ns/portal/sa/web'] } },
              { source: { namespaces: ['batch'], ipBlocks: ['10.0.0.0/16'] } },
            ],
            to: [{ operation: { ports: ['8080', '9090'] } }],
          },
        ],
      },
    });
  });

  it('refuses everybody if it is an ALLOW without rules', () => {
    expect(layer4Policy({ ...NAMED, rules: [] }).spec).toEqual({ action: 'ALLOW' });
  });

  it('contains nothing that ztunnel would treat as "refuse everything"', () => {
    const sources = constantFrom(WEB, { namespaces: ['a', 'b'] }, { ipBlocks: ['192.0.2.0/24'] });
    const rule = record({
      from: array(sources, { minLength: 1, maxLength: 3 }),
      ports: array(integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 3 }),
    });
    assert(
      property(array(rule, { maxLength: 3 }), (rules) => {
        const { spec } = layer4Policy({ ...NAMED, rules });
        for (const { from, to = [] } of spec.rules ?? []) {
          expect(from.flatMap(({ source }) => Object.keys(source))).not.toContain('requestPrincipals');
          expect(from.every(({ source }) => Object.keys(source).length > 0)).toBe(true);
          expect(to.flatMap(({ operation }) => Object.keys(operation))).toEqual(['ports']);
        }
      }),
      { seed: 4 },
    );
  });

  it.each<[string, readonly Layer4Rule[]]>([
    ['rules[0].from', [{ from: [] }]],
    ['rules[0].from[0]', [{ from: [{}] }]],
    ['rules[0].from[0]', [{ from: [{ namespaces: [] }] }]],
    ['rules[1].from[0].ipBlocks[0]', [{ from: [WEB] }, { from: [{ ipBlocks: ['10.0.0.1/16'] }] }]],
    ['rules[0].from[0].ipBlocks[0]', [{ from: [{ ipBlocks: ['Kong'] }] }]],
    ...['', '*', 'Team', 'a*b'].map((name): [string, readonly Layer4Rule[]] => [
      'rules[0].from[0].namespaces[0]',
      [{ from: [{ namespaces: [name] }] }],
    ]),
    ...['', '*', 'web*'].flatMap((name): [string, readonly Layer4Rule[]][] => [
      ['rules[0].from[0].serviceAccounts[0].name', [{ from: [{ serviceAccounts: [{ namespace: 'a', name }] }] }]],
      [
        'rules[0].from[0].serviceAccounts[0].namespace',
        [{ from: [{ serviceAccounts: [{ namespace: name, name: 'a' }] }] }],
      ],
    ]),
    ['rules[0].ports', [{ from: [WEB], ports: [] }]],
    ['rules[0].ports', [{ from: [WEB], ports: [0] }]],
    ['rules[0].ports', [{ from: [WEB], ports: [65_536] }]],
    ['rules[0].ports', [{ from: [WEB], ports: [80.5] }]],
  ])('refuses %s in %j', (path, rules) => {
    expect(propertyRefused(() => layer4Policy({ ...NAMED, rules }))).toBe(path);
  });

  it.each(['team', 'team-*', '*-team'])('accepts the namespaces %s', (name) => {
    expect(propertyRefused(() => layer4Policy({ ...NAMED, rules: [{ from: [{ namespaces: [name] }] }] }))).toBe(
      undefined,
    );
  });

  it('refuses a DENY that refuses nobody', () => {
    expect(propertyRefused(() => layer4Policy({ ...NAMED, action: 'DENY', rules: [] }))).toBe('rules');
  });
});

function propertyRefused(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof ValidationError) return error.property;
    throw error;
  }
  return undefined;
}
