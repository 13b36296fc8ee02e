// https://developer.konghq.com/plugins/
import { KONG_CONFIG_TAG } from '@org/ollama-eks/pure';
import { fail, ok, warn, type Check, type Outcome } from '../checks/findings';

/** A plugin of the control plane. */
export interface Plugin {
  readonly name: string;
  readonly enabled?: boolean;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[] | null;
}

/** A service of the control plane. */
export interface Service {
  readonly name: string;
  readonly protocol?: string;
  readonly tls_verify?: boolean | null;
  readonly tags?: readonly string[] | null;
}

/** Plugins that send a line of each request elsewhere: who, when, how long, not what; unless told to. */
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
/** Settings of plugins by which bodies are written down, or sent elsewhere. */
const SENDS_BODIES = ['log_payloads', 'forward_body', 'forward_request_body'];

/** Plugins that run functions, and do nothing with what these return. */
const FUNCTIONS = ['pre-function', 'post-function'];
/** Lua that reads what people or models wrote. */
const READS_BODIES = /get_raw_body|get_body|get_post_args|get_request_body|req\.socket|ngx\.arg/;
/** All by which anything leaves a function: modules of Kong and nginx, output, other modules, the table of globals. */
const OUTLETS = /(?<![\w.])(?:kong|ngx|print|require|io|os|_G|getfenv)\b(?:\s*[.:]\s*\w+)*/g;
/** Those by which a body goes on to the server, or is answered to its sender, and nowhere else. */
const KEEPS_NOTHING =
  /^kong\.(?:(?:client|request|router)\.get_\w+|service\.request\.set_(?:raw_)?body|response\.exit)$/;

/** Evidence from Kong: nothing that passes is written down, and the private leg is checked TLS. */
export function kongPluginChecks(
  plugins: () => Promise<readonly Plugin[]>,
  services: () => Promise<readonly Service[]>,
): readonly Check[] {
  return [
    { id: 'payload-logging', title: 'Kong writes no prompts down', run: async () => payloadLogging(await plugins()) },
    { id: 'kong-tls', title: 'Kong checks the certificate of the gateway', run: async () => kongTls(await services()) },
  ];
}

function payloadLogging(plugins: readonly Plugin[]): Outcome {
  const on = plugins.filter(({ enabled }) => enabled !== false);
  if (!on.some(isOwn)) return fail(`no plugin has the tag ${KONG_CONFIG_TAG}`, 'ollama-eks kong sync');
  const keeping = on.flatMap(howItKeepsBodies);
  if (keeping.length > 0) {
    return fail(
      keeping.map(({ plugin, how }) => `${plugin} ${how}`).join('; '),
      `take that out of the configuration of ${[...new Set(keeping.map(({ plugin }) => plugin))].join(', ')}, then ollama-eks kong sync`,
      { plugins: keeping.map(({ plugin }) => plugin) },
    );
  }
  const logging = on.filter(({ name }) => LOGGING.includes(name)).map(({ name }) => name);
  const reading = on.filter(({ config }) => textsOf(config).some(readsBodies)).map(({ name }) => name);
  const evidence = { plugins: on.map(({ name }) => name).sort(), readingBodies: reading };
  if (logging.length > 0)
    return warn(
      `${logging.join(', ')} send metadata of requests elsewhere`,
      'see that their target is yours',
      evidence,
    );
  const readers = reading.length === 0 ? '' : `; ${reading.join(', ')} reads bodies and keeps none`;
  return ok(`${String(on.length)} plugins, none of which logs${readers}`, evidence);
}

/** Ways in which a plugin writes down what people write, or sends it elsewhere. Reading alone is none. */
function howItKeepsBodies({ name, config }: Plugin): { readonly plugin: string; readonly how: string }[] {
  const settings = SENDS_BODIES.filter((setting) => isSet(config, setting)).map((setting) => `has ${setting} on`);
  const code = textsOf(config).filter(readsBodies);
  const functions = FUNCTIONS.includes(name)
    ? code.flatMap(outletsOf).map((outlet) => `reads bodies, and may keep them by ${outlet}`)
    : code.map(() => 'reads bodies into what it sends on');
  return [...new Set([...settings, ...functions])].map((how) => ({ plugin: name, how }));
}

function readsBodies(code: string): boolean {
  return READS_BODIES.test(code);
}

/** What a function uses by which a body could be kept. */
function outletsOf(code: string): string[] {
  const used = (code.match(OUTLETS) ?? []).map((outlet) => outlet.replace(/\s/g, ''));
  return used.filter((outlet) => !KEEPS_NOTHING.test(outlet));
}

/** Whether a setting is on, at whatever depth. */
function isSet(config: unknown, setting: string): boolean {
  if (typeof config !== 'object' || config === null) return false;
  return Object.entries(config).some(([key, value]) => (key === setting && value === true) || isSet(value, setting));
}

/** Every text in a configuration. */
function textsOf(config: unknown): string[] {
  if (typeof config === 'string') return [config];
  return typeof config === 'object' && config !== null ? Object.values(config).flatMap(textsOf) : [];
}

function isOwn({ tags }: Pick<Plugin, 'tags'>): boolean {
  return tags?.includes(KONG_CONFIG_TAG) === true;
}

function kongTls(services: readonly Service[]): Outcome {
  const own = services.filter(isOwn);
  if (own.length === 0) return fail(`no service has the tag ${KONG_CONFIG_TAG}`, 'ollama-eks kong sync');
  const open = own.filter(({ protocol, tls_verify: verified }) => protocol !== 'https' || verified !== true);
  return open.length === 0
    ? ok(`${own.map(({ name }) => name).join(', ')}: https, verified`)
    : fail(
        `without verified TLS: ${open.map(({ name }) => name).join(', ')}`,
        'ollama-eks kong diff, then ollama-eks kong sync',
      );
}
