// https://developer.konghq.com/plugins/
import { KONG_CONFIG_TAG } from '@org/ollama-eks/pure';
import { fail, ok, warn, type Check, type Outcome } from '../checks/findings';

/** A plugin of the control plane. */
export interface Plugin {
  readonly name: string;
  readonly enabled?: boolean;
  readonly config?: Readonly<Record<string, unknown>>;
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
/** Lua, in a plugin's configuration, that reads what people wrote. */
const READS_BODIES = /get_raw_body|get_body|get_request_body|kong\.response\.get_raw_body|ngx\.arg\[1\]/;

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
  const reading = on.filter(({ config }) => logsPayloads(config) || READS_BODIES.test(JSON.stringify(config ?? {})));
  if (reading.length > 0) {
    return fail(
      `${reading.map(({ name }) => name).join(', ')} reads or logs what people write`,
      'take it out of the configuration of Kong, then ollama-eks kong sync',
      { plugins: reading.map(({ name }) => name) },
    );
  }
  const logging = on.filter(({ name }) => LOGGING.includes(name)).map(({ name }) => name);
  const evidence = { plugins: on.map(({ name }) => name).sort() };
  return logging.length === 0
    ? ok(`${String(on.length)} plugins, none of which logs`, evidence)
    : warn(`${logging.join(', ')} send metadata of requests elsewhere`, 'see that their target is yours', evidence);
}

/** `logging.log_payloads` of the AI plugins, at whatever depth. */
function logsPayloads(config: unknown): boolean {
  if (typeof config !== 'object' || config === null) return false;
  return Object.entries(config).some(
    ([key, value]) => (key === 'log_payloads' && value === true) || logsPayloads(value),
  );
}

function kongTls(services: readonly Service[]): Outcome {
  const own = services.filter(({ tags }) => tags?.includes(KONG_CONFIG_TAG) === true);
  if (own.length === 0) return fail(`no service has the tag ${KONG_CONFIG_TAG}`, 'ollama-eks kong sync');
  const open = own.filter(({ protocol, tls_verify: verified }) => protocol !== 'https' || verified !== true);
  return open.length === 0
    ? ok(`${own.map(({ name }) => name).join(', ')}: https, verified`)
    : fail(
        `without verified TLS: ${open.map(({ name }) => name).join(', ')}`,
        'ollama-eks kong diff, then ollama-eks kong sync',
      );
}
