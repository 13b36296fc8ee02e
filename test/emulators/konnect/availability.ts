import type { Json } from './answers';

const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'];
const RESERVED = ['10.100.0.0/16', '172.17.0.0/16'];

function region(name: string, city: string, zones: readonly string[]): Json {
  return { region: name, name: city, availability_zones: zones, cidr_blocks: PRIVATE, reserved_cidr_blocks: RESERVED };
}

/** Some of the regions that Kong offers. */
export const AVAILABILITY: Json = {
  versions: ['3.10', '3.12', '3.13', '3.14', '3.15'],
  instance_types: [{ name: 'small', hourly_cost: '0.5', v_cpu: '2', gb_memory: '4' }],
  providers: [
    {
      provider: 'aws',
      regions: [
        region('us-east-1', 'N. Virginia', ['use1-az1', 'use1-az2', 'use1-az4', 'use1-az5', 'use1-az6']),
        region('us-east-2', 'Ohio', ['use2-az1', 'use2-az2', 'use2-az3']),
        region('us-west-2', 'Oregon', ['usw2-az1', 'usw2-az2', 'usw2-az3', 'usw2-az4']),
        region('eu-central-1', 'Frankfurt', ['euc1-az1', 'euc1-az2', 'euc1-az3']),
        region('eu-west-1', 'Ireland', ['euw1-az1', 'euw1-az2', 'euw1-az3']),
      ],
    },
    { provider: 'azure', regions: [] },
  ],
  serverless_v1_providers: [],
};

/** Returns the AZ ids of an AWS region; undefined if Kong does not offer it. */
export function zonesOf(name: unknown): readonly unknown[] | undefined {
  const [aws] = AVAILABILITY['providers'] as { regions: { region: string; availability_zones: string[] }[] }[];
  return aws?.regions.find((candidate) => candidate.region === name)?.availability_zones;
}
