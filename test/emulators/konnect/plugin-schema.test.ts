import type * as Documents from './contract-documents';
import { configErrors, fillConfig, luaSchema } from './plugin-schema';

jest.mock('./contract-documents', () => ({
  ...jest.requireActual<typeof Documents>('./contract-documents'),
  CONTRACTS_PRESENT: false,
  loadPluginSchema: () => undefined,
}));

describe('without the contracts of plugins', () => {
  it('every plugin has a schema, without defaults', () => {
    expect(luaSchema('rate-limiting')).toMatchObject({
      fields: [{ protocols: { type: 'set' } }, { config: { fields: [] } }],
    });
  });

  it('accepts any config, and adds nothing to it', () => {
    const config = { minute: 1 };
    expect(configErrors('rate-limiting', config)).toEqual([]);
    expect(fillConfig('rate-limiting', config)).toEqual(config);
  });
});
