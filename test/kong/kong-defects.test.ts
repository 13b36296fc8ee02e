/** Defects of the Kong part of the original project, and why each cannot return. */
import { deckFiles, KONG_CONFIG_TAG, KONG_CONSUMERS_TAG, type DeckState } from '@org/ollama-eks';
import { Testing } from 'cdktf';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { EXPOSURES } from './support/exposures';

type Resources = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const DECK = join(__dirname, '../../deck');
const config = parse(deckFiles()['kong-config.yaml']) as DeckState;
const services = config.services ?? [];
const routes = services.flatMap((service) => service.routes);
const committed = readdirSync(DECK).map((name) => [name, readFileSync(join(DECK, name), 'utf8')] as const);

describe('a sync of the configuration deletes all consumers', () => {
  it('the two files have one tag each, which differs', () => {
    const consumers = parse(deckFiles()['kong-consumers.example.yaml']) as DeckState;
    expect(config._info).toEqual({ select_tags: [KONG_CONFIG_TAG] });
    expect(consumers._info).toEqual({ select_tags: [KONG_CONSUMERS_TAG] });
    expect(KONG_CONFIG_TAG).not.toBe(KONG_CONSUMERS_TAG);
  });

  it('neither file contains entities of the other', () => {
    expect(Object.keys(config)).not.toContain('consumers');
    const consumers = parse(deckFiles()['kong-consumers.example.yaml']) as DeckState;
    expect(Object.keys(consumers).sort()).toEqual(['_format_version', '_info', 'consumers']);
  });
});

it('the RAM principal is added out of band: it is a resource, which can be added later', () => {
  expect(Object.values(resources('Kong, attached', 'aws_ram_principal_association'))).toEqual([
    expect.objectContaining({ principal: '111122223333' }),
  ]);
  expect(resources('Kong, before its network is known', 'aws_ram_principal_association')).toEqual({});
});

it('a placeholder or the load balancer of an installation is committed', () => {
  for (const [, content] of committed) {
    expect(content).not.toMatch(/amazonaws\.com|konghq\.tech|<YOUR|REPLACE_WITH/);
  }
  const installation = committed.flatMap(([, content]) => content.match(/host_header: .*|target: .*/g) ?? []);
  for (const line of installation) expect(line).toContain('${{ env "DECK_');
});

it('the name of the control plane differs from file to file: none names one', () => {
  expect(Object.keys(config)).not.toContain('_konnect');
  for (const [, content] of committed) expect(content).not.toMatch(/ollama-ai-gateway|kong-cloud-gateway-eks/);
});

describe('the configuration of Kong', () => {
  it('cuts a request after 60 s', () => {
    const ollama = services.find(({ name }) => name === 'ollama');
    expect(ollama).toMatchObject({ connect_timeout: 5000, read_timeout: 600_000, write_timeout: 600_000 });
  });

  it('tries five times', () => {
    for (const service of services) expect(service.retries).toBeLessThanOrEqual(1);
  });

  it('buffers a streamed answer', () => {
    const inference = routes.filter(({ name }) => name.includes('inference'));
    expect(inference.map((route) => [route.response_buffering, route.request_buffering])).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  it('accepts keys in cleartext over HTTP', () => {
    for (const route of routes) expect(route.protocols).toEqual(['https']);
  });

  it('sends prompts in cleartext over the transit gateway', () => {
    for (const service of services) {
      expect(service).toMatchObject({ protocol: 'https', port: 443, tls_verify: true });
      expect(service.ca_certificates).toHaveLength(1);
    }
  });

  it('requires a key for health: authentication is on the service, not global', () => {
    expect(Object.keys(config)).not.toContain('plugins');
    const guarded = services.filter(({ plugins }) => plugins.some(({ name }) => name === 'key-auth'));
    expect(guarded.map(({ name }) => name)).toEqual(['ollama']);
  });

  it('calls a health route that the server does not have', () => {
    const health = services.find(({ name }) => name === 'ollama-health');
    expect(health?.routes.map(({ paths, methods }) => [paths, methods])).toEqual([[['~/healthz$'], ['GET', 'HEAD']]]);
    const manifests = EXPOSURES['Kong, attached']().exposure.applications.flatMap(({ source }) =>
      source.kind === 'manifests' ? source.manifests : [],
    );
    expect(JSON.stringify(manifests)).toContain('"replaceFullPath":"/api/version"');
  });

  it('exposes the whole API by a prefix', () => {
    for (const { paths } of routes) for (const path of paths) expect(path).toMatch(/^~\/.+\$$/);
  });

  it('reads keys from the query, where they end up in logs, and passes them on', () => {
    expect(pluginConfig('ollama', 'key-auth')).toMatchObject({ key_in_query: false, hide_credentials: true });
  });

  it('needs two credentials per consumer', () => {
    expect(pluginConfig('ollama', 'key-auth')).toMatchObject({ key_names: ['apikey'] });
    const { consumers } = parse(deckFiles()['kong-consumers.example.yaml']) as DeckState;
    for (const { keyauth_credentials } of consumers ?? []) expect(keyauth_credentials).toHaveLength(1);
    expect(deckFiles()['kong-consumers.example.yaml']).not.toContain('Bearer');
  });

  it('limits with a policy that Konnect does not support', () => {
    for (const { plugins } of services) {
      const limits = plugins.filter(({ name }) => name === 'rate-limiting').map(({ config: limit }) => limit['policy']);
      expect(limits).toEqual(['local']);
    }
  });
});

it("the cluster's security group is open to Kong's range on every port", () => {
  const rules = Object.values(resources('Kong, attached', 'aws_vpc_security_group_ingress_rule'));
  const onCluster = rules.filter((rule) => rule['security_group_id'] === 'sg-0ddddddddddddddd1');
  expect(onCluster.map((rule) => rule['from_port']).sort()).toEqual([15021, 443]);
  for (const rule of onCluster) {
    expect(rule['cidr_ipv4']).toBeUndefined();
    expect(rule['from_port']).toBe(rule['to_port']);
  }
});

it('an API key is committed', () => {
  for (const [, content] of committed) {
    const keys = content.match(/^\s*-? ?key: .*$/gm) ?? [];
    for (const key of keys) expect(key).toContain('${{ env "DECK_');
  }
});

it("Kong's route vanishes at the next apply: routes are separate resources", () => {
  const routesOfVpc = Object.values(resources('Kong, attached', 'aws_route'));
  expect(routesOfVpc.map((route) => route['destination_cidr_block'])).toEqual(['192.168.0.0/22', '192.168.0.0/22']);
  expect(resources('Kong, attached', 'aws_route_table')).toEqual({});
});

it('every account that can see the transit gateway may attach to it, and reaches everything', () => {
  const [gateway] = Object.values(resources('Kong, attached', 'aws_ec2_transit_gateway'));
  expect(gateway).toMatchObject({
    auto_accept_shared_attachments: 'disable',
    default_route_table_association: 'disable',
    default_route_table_propagation: 'disable',
  });
});

function pluginConfig(service: string, plugin: string): unknown {
  return services.find(({ name }) => name === service)?.plugins.find(({ name }) => name === plugin)?.config;
}

function resources(way: keyof typeof EXPOSURES, type: string): Resources {
  const { stack } = EXPOSURES[way]();
  stack.prepareStack();
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Resources> };
  return resource[type] ?? {};
}
