import { Contract } from './contract';
import { CONTRACTS_PRESENT } from './contract-documents';

const GLOBAL = 'https://global.api.konghq.com';
const ID = '36ae63d3-efd1-4bec-b246-62aa5d3f5695';
const whereContracts = CONTRACTS_PRESENT ? it : it.skip;

afterAll(() => {
  if (!CONTRACTS_PRESENT)
    process.stdout.write('left out: 9 checks that the contract refuses invalid input (no ../shared/contracts)\n');
});

describe('the contract', () => {
  const network = {
    name: 'n',
    cloud_gateway_provider_account_id: ID,
    region: 'us-west-2',
    availability_zones: ['usw2-az1'],
    cidr_block: '10.0.0.0/23',
  };
  const request = (method: string, path: string, body?: unknown) => ({
    method,
    url: new URL(GLOBAL + path),
    headers: new Headers(),
    body,
  });

  whereContracts.each([
    [
      'an unknown field',
      request('POST', '/v2/cloud-gateways/networks', { ...network, tags: {} }),
      /additional properties \(tags\)/,
    ],
    ['a missing field', request('POST', '/v2/cloud-gateways/networks', { name: 'n' }), /required property 'region'/],
    [
      'a wrong type',
      request('POST', '/v2/cloud-gateways/networks', { ...network, availability_zones: 'usw2-az1' }),
      /availability_zones must be array/,
    ],
    [
      'a value that is not in the enumeration',
      request('PUT', '/v2/cloud-gateways/configurations', {
        control_plane_id: ID,
        control_plane_geo: 'mars',
        dataplane_groups: [],
      }),
      /control_plane_geo/,
    ],
    ['an unknown path', request('GET', '/v2/cloud-gateways/nets'), /not in cloud-gateways-v2/],
    ['an unknown method', request('DELETE', '/v2/cloud-gateways/configurations'), /not in cloud-gateways-v2/],
    ['an unknown parameter', request('GET', '/v2/cloud-gateways/networks?limit=3'), /limit is not declared/],
    ['an unknown filter', request('GET', '/v2/cloud-gateways/networks?filter[colour][eq]=red'), /colour/],
  ])('refuses %s', (_, wrong, message) => {
    const contract = new Contract();
    contract.request(wrong);
    expect(contract.misses.join('; ')).toMatch(message);
  });

  whereContracts('refuses answers of another shape or status', () => {
    const contract = new Contract();
    contract.answer(request('GET', `/v2/cloud-gateways/networks/${ID}`), { status: 200, body: { id: ID } });
    contract.answer(request('GET', `/v2/cloud-gateways/networks/${ID}`), { status: 418, body: {} });
    expect(contract.misses).toHaveLength(2);
  });

  it('accepts valid input', () => {
    const contract = new Contract();
    contract.request(request('POST', '/v2/cloud-gateways/networks', network));
    contract.request(request('GET', '/v2/cloud-gateways/networks?filter[name][eq]=n&page[size]=10'));
    contract.answer(request('DELETE', `/v2/cloud-gateways/networks/${ID}`), { status: 204 });
    expect(contract.misses).toEqual([]);
  });
});
