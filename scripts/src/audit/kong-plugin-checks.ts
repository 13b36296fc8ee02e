// https://developer.konghq.com/plugins/
import { KONG_CONFIG_TAG } from '@org/ollama-eks/pure';
import { fail, ok, warn, type Check, type Outcome } from '../checks/findings';
import { streamingBreakers } from '../checks/streaming-plugins';
import { hasTag, type Entity, type PluginEntity } from '../konnect/entities';
import { counted } from '../program/words';

/** A service of the control plane. */
export interface Service extends Entity {
  readonly name: string;
  readonly protocol?: string;
  readonly tls_verify?: boolean | null;
}

/** Plugins that send metadata of each request (who, when, how long) to another system; bodies only if configured to. */
const LOGGING = [
  'http-log',
  'tcp-log',
  'udp-log',
  'file-log',
  'syslog',
  'loggly',
  'kafka-log',
  'datadog',
  'opentelemetry',
  'zipkin',
  'splunk',
];
/** Settings of plugins that log bodies or send them to another system. */
const SENDS_BODIES = ['log_payloads', 'forward_body', 'forward_request_body'];

/** Plugins that run functions and ignore their results. */
const FUNCTIONS = ['pre-function', 'post-function'];
/** Lua that reads the bodies of requests or answers. */
const READS_BODIES = /get_raw_body|get_body|get_post_args|get_request_body|req\.socket|ngx\.arg/;
/** Everything that a function can use to pass data on: modules of Kong and nginx, output, other modules, the table of globals. */
const OUTLETS = /(?<![\w.])(?:kong|ngx|print|require|io|os|_G|getfenv)\b(?:\s*[.:]\s*\w+)*/g;
/** The outlets that only forward a body to the server or return it to its sender. */
const KEEPS_NOTHING =
  /^kong\.(?:(?:client|request|router)\.get_\w+|service\.request\.set_(?:raw_)?body|response\.exit)$/;

/**
 * Returns the checks that collect evidence from Kong: it neither logs bodies nor holds answers back, and it verifies the gateway's certificate.
 * @param plugins the plugins that prompts and answers pass
 */
export function kongPluginChecks(
  plugins: () => Promise<readonly PluginEntity[]>,
  services: () => Promise<readonly Service[]>,
): readonly Check[] {
  return [
    { id: 'payload-logging', title: 'Kong does not log prompts', run: async () => payloadLogging(await plugins()) },
    { id: 'streaming', title: 'Kong passes answers on as they arrive', run: async () => streaming(await plugins()) },
    { id: 'kong-tls', title: "Kong verifies the gateway's certificate", run: async () => kongTls(await services()) },
  ];
}

function streaming(plugins: readonly PluginEntity[]): Outcome {
  if (!plugins.some(isOwn)) return noOwnPlugin();
  const breakers = streamingBreakers(plugins);
  return breakers.length === 0
    ? ok(`${counted(plugins.length, 'plugin')}, none of which reads whole answers`)
    : fail(breakers.join('; '), 'disable the plugins, or apply them to other services only');
}

function payloadLogging(plugins: readonly PluginEntity[]): Outcome {
  const on = plugins.filter(({ enabled }) => enabled !== false);
  if (!on.some(isOwn)) return noOwnPlugin();
  const keeping = on.flatMap(howItKeepsBodies);
  if (keeping.length > 0) {
    return fail(
      keeping.map(({ plugin, how }) => `${plugin} ${how}`).join('; '),
      `remove it from the configuration of ${[...new Set(keeping.map(({ plugin }) => plugin))].join(', ')}, then run ollama-eks kong sync`,
      { plugins: keeping.map(({ plugin }) => plugin) },
    );
  }
  const logging = on.filter(({ name }) => LOGGING.includes(name)).map(({ name }) => name);
  const reading = on.filter(({ config }) => textsOf(config).some(readsBodies)).map(({ name }) => name);
  const evidence = { plugins: on.map(({ name }) => name).sort(), readingBodies: reading };
  if (logging.length > 0)
    return warn(
      `plugins that send metadata of requests to another system: ${logging.join(', ')}`,
      'check that you own that system',
      evidence,
    );
  const readers = reading.length === 0 ? '' : `; ${reading.join(', ')} reads bodies without keeping them`;
  return ok(`${counted(on.length, 'plugin')}, without logging${readers}`, evidence);
}

function noOwnPlugin(): Outcome {
  return fail(`no plugin has the tag ${KONG_CONFIG_TAG}`, 'ollama-eks kong sync');
}

/** Lists the ways in which a plugin logs bodies or sends them to another system. Reading a body is not one of them. */
function howItKeepsBodies({ name, config }: PluginEntity): { readonly plugin: string; readonly how: string }[] {
  const settings = SENDS_BODIES.filter((setting) => isSet(config, setting)).map((setting) => `has ${setting} on`);
  const code = textsOf(config).filter(readsBodies);
  const functions = FUNCTIONS.includes(name)
    ? code.flatMap(outletsOf).map((outlet) => `reads bodies and may keep them through ${outlet}`)
    : code.map(() => 'reads bodies and sends them on');
  return [...new Set([...settings, ...functions])].map((how) => ({ plugin: name, how }));
}

function readsBodies(code: string): boolean {
  return READS_BODIES.test(code);
}

/** Lists what a function uses that could keep a body. */
function outletsOf(code: string): string[] {
  const used = (code.match(OUTLETS) ?? []).map((outlet) => outlet.replace(/\s/g, ''));
  return used.filter((outlet) => !KEEPS_NOTHING.test(outlet));
}

/** Whether a setting is on, at any depth. */
function isSet(config: unknown, setting: string): boolean {
  if (typeof config !== 'object' || config === null) return false;
  return Object.entries(config).some(([key, value]) => (key === setting && value === true) || isSet(value, setting));
}

/** Lists every string in a configuration. */
function textsOf(config: unknown): string[] {
  if (typeof config === 'string') return [config];
  return typeof config === 'object' && config !== null ? Object.values(config).flatMap(textsOf) : [];
}

function isOwn(entity: Entity): boolean {
  return hasTag(entity, KONG_CONFIG_TAG);
}

function kongTls(services: readonly Service[]): Outcome {
  const own = services.filter(isOwn);
  if (own.length === 0) return fail(`no service has the tag ${KONG_CONFIG_TAG}`, 'ollama-eks kong sync');
  const open = own.filter(({ protocol, tls_verify: verified }) => protocol !== 'https' || verified !== true);
  return open.length === 0
    ? ok(`${own.map(({ name }) => name).join(', ')}: HTTPS, verified`)
    : fail(
        `without verified TLS: ${open.map(({ name }) => name).join(', ')}`,
        'ollama-eks kong diff, then ollama-eks kong sync',
      );
}
