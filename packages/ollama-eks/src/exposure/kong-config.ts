// https://developer.konghq.com/gateway/entities/service/
import { checkInteger } from '../check-integer';
import { ValidationError } from '../errors';
import {
  blockFromEnvironment,
  fromEnvironment,
  renderDeckState,
  type DeckRoute,
  type DeckService,
  type DeckState,
  type DeckUpstream,
} from './deck-state';
import { GATEWAY_PORT } from './gateway-manifests';
import { adminsOnly, gatekeepers, healthGatekeepers, requestLog, uploadLimit, type KongLimits } from './kong-plugins';
import { reloadGuard } from './kong-reload-guard';
import {
  HEALTH_ROUTE,
  isNative,
  isUpload,
  MODELS_HEAD_ROUTE,
  ONE_SEGMENT,
  pathPattern,
  routeGroups,
  type OllamaRoute,
  type RouteGroup,
} from './routes';
import { ADMIN_TIMEOUT_SECONDS, HEALTH_TIMEOUT_SECONDS, timeBudget } from './time-budget';

/** Tag of everything in the configuration file, which decK may change and delete when it syncs that file. */
export const KONG_CONFIG_TAG = 'ollama-eks-config';

/** Environment variables with values for the configuration file. */
export const DECK_VARIABLES = {
  /** DNS name of the load balancer. */
  upstreamHost: 'DECK_OLLAMA_UPSTREAM_HOST',
  /** Hostname in the gateway's certificate. */
  gatewayHostname: 'DECK_OLLAMA_GATEWAY_HOSTNAME',
  /** Certificate of the authority that issued it, as PEM. */
  caCertificate: 'DECK_OLLAMA_CA_CERTIFICATE',
  /** Second hostname of the gateway, for admin routes; only if it has one. */
  adminHostname: 'DECK_OLLAMA_ADMIN_HOSTNAME',
} as const;

/** An arbitrary but constant UUID, by which the service refers to the certificate. */
const CA_CERTIFICATE_ID = '6f6c6c61-6d61-4e65-8b73-2d63612d6365';
/** Indentation of the certificate in the file. */
const CA_CERTIFICATE_INDENT = 6;

/** A load balancer that does not answer within this time has no healthy zone. */
const CONNECT_TIMEOUT_SECONDS = 5;
/** One retry, at another address of the load balancer, if the connection fails. A request that was sent is never repeated. */
const RETRIES = 1;

const DEFAULT_LIMITS: KongLimits = { requestsPerMinute: 120, maxRequestMegabytes: 32 };

/** Facts that Kong's configuration shares with the gateway. */
export interface KongFacts {
  /** Request timeout, in seconds. */
  readonly requestTimeoutSeconds: number;
  /** Whether the gateway serves admin routes, under a separate hostname. */
  readonly adminRoutes: boolean;
}

/** Options that only Kong's configuration has. */
export interface KongOptions {
  /**
   * Requests per minute and consumer. Each of Kong's nodes counts separately.
   * @default 120
   */
  readonly requestsPerMinute?: number;
  /**
   * Largest request body, in megabytes. A long prompt has less than one; an image may have several.
   * @default 32
   */
  readonly maxRequestMegabytes?: number;
  /**
   * URL of a collector in the VPC, such as `http://kong-logs.example.internal:8080/`, to which Kong sends a JSON entry for each request,
   * without bodies, headers and query. It is written to the file, so it must not have a user, a password or a query. Kong must be able
   * to resolve its name and to connect to it: the load balancer of the exposure admits Kong, and nothing else in the VPC does.
   * @default - none: entries are in Konnect only
   */
  readonly logEndpoint?: string;
}

/** Returns Kong's configuration, with exactly the routes that the gateway serves. */
export function kongConfig(facts: KongFacts, options: KongOptions = {}): DeckState {
  const { requestTimeoutSeconds } = timeBudget(facts.requestTimeoutSeconds);
  const limits = checkLimits({
    requestsPerMinute: options.requestsPerMinute ?? DEFAULT_LIMITS.requestsPerMinute,
    maxRequestMegabytes: options.maxRequestMegabytes ?? DEFAULT_LIMITS.maxRequestMegabytes,
  });
  const logs = options.logEndpoint === undefined ? [] : [requestLog(checkEndpoint(options.logEndpoint))];
  const cert = blockFromEnvironment(DECK_VARIABLES.caCertificate, CA_CERTIFICATE_INDENT);
  const upstreams = [upstream('ollama-gateway', DECK_VARIABLES.gatewayHostname)];
  const services: DeckService[] = [
    {
      ...service('ollama', 'ollama-gateway', requestTimeoutSeconds),
      plugins: [...gatekeepers(limits), ...logs],
      routes: [...inferenceRoutes(limits), ...readRoutes()],
    },
    {
      ...service('ollama-health', 'ollama-gateway', HEALTH_TIMEOUT_SECONDS),
      plugins: healthGatekeepers(),
      routes: [route('ollama-health', HEALTH_ROUTE.methods, [`~${HEALTH_ROUTE.path}$`])],
    },
  ];
  if (facts.adminRoutes) {
    upstreams.push(upstream('ollama-gateway-admin', DECK_VARIABLES.adminHostname));
    services.push({
      ...service('ollama-admin', 'ollama-gateway-admin', ADMIN_TIMEOUT_SECONDS),
      plugins: [...gatekeepers(limits), adminsOnly(), ...logs],
      routes: adminRoutes(),
    });
  }
  return {
    _format_version: '3.0',
    _info: { select_tags: [KONG_CONFIG_TAG] },
    ca_certificates: [{ id: CA_CERTIFICATE_ID, cert }],
    upstreams,
    services,
  };
}

/** Returns the configuration as a file for decK. */
export function kongConfigFile(facts: KongFacts, options?: KongOptions): string {
  return renderDeckState(kongConfig(facts, options), CONFIG_COMMENT);
}

const CONFIG_COMMENT = ` Kong's configuration for the Ollama endpoint. Generated: change the options of the generator, not this file.
 Sync it alone, and always with --skip-consumers: decK deletes everything that has the tag but is not in the file.`;

function upstream(name: string, hostname: `DECK_${string}`): DeckUpstream {
  const target = `${fromEnvironment(DECK_VARIABLES.upstreamHost)}:${GATEWAY_PORT}`;
  return { name, host_header: fromEnvironment(hostname), targets: [{ target }] };
}

function service(name: string, host: string, timeoutSeconds: number): Omit<DeckService, 'plugins' | 'routes'> {
  return {
    name,
    host,
    port: GATEWAY_PORT,
    protocol: 'https',
    ca_certificates: [CA_CERTIFICATE_ID],
    tls_verify: true,
    connect_timeout: CONNECT_TIMEOUT_SECONDS * 1000,
    read_timeout: timeoutSeconds * 1000,
    write_timeout: timeoutSeconds * 1000,
    retries: RETRIES,
  };
}

function readRoutes(): DeckRoute[] {
  return [
    ...routeGroups('read').map((group) => route(nameOf(group), group.methods, pathsOf(group.routes))),
    route('ollama-read-head', MODELS_HEAD_ROUTE.methods, [`~${MODELS_HEAD_ROUTE.path}$`]),
  ];
}

/** A pull streams its progress. The upload of a model's file is not buffered, and has its own size limit. */
function adminRoutes(): DeckRoute[] {
  return routeGroups('admin').map((group) => {
    const adminRoute = route(nameOf(group), group.methods, pathsOf(group.routes), true);
    return group.routes.some(isUpload)
      ? { ...adminRoute, request_buffering: false, plugins: [uploadLimit()] }
      : adminRoute;
  });
}

/** Separates Ollama's own routes from the others: only they support fields that make a server reload its model. */
function inferenceRoutes({ maxRequestMegabytes }: KongLimits): DeckRoute[] {
  return routeGroups('inference').flatMap((group) => {
    const native = pathsOf(group.routes.filter(isNative));
    const others = pathsOf(group.routes.filter((candidate) => !isNative(candidate)));
    return [
      { ...route(`${nameOf(group)}-native`, group.methods, native, true), plugins: [reloadGuard(maxRequestMegabytes)] },
      route(nameOf(group), group.methods, others, true),
    ];
  });
}

function nameOf({ class: routeClass, methods }: RouteGroup): string {
  return ['ollama', routeClass, ...methods].join('-').toLowerCase();
}

function pathsOf(candidates: readonly OllamaRoute[]): string[] {
  return candidates.map((candidate) => `~${pathPattern(candidate, ONE_SEGMENT)}$`);
}

/** Answers of a model are streamed. Requests are buffered, which protects the server from slow clients. */
function route(name: string, methods: DeckRoute['methods'], paths: string[], streamed = false): DeckRoute {
  return {
    name,
    methods,
    paths,
    protocols: ['https'],
    strip_path: false,
    preserve_host: false,
    request_buffering: true,
    response_buffering: !streamed,
  };
}

/** The file is in Git, and decK would insert what looks like a variable. */
function checkEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain = url !== undefined && [url.username, url.password, url.search, url.hash].every((part) => part === '');
  if (isPlain && ['http:', 'https:'].includes(url.protocol) && !/[\s{}$]/.test(endpoint)) return endpoint;
  throw new ValidationError({
    property: 'logEndpoint',
    problem: url === undefined ? 'is not a URL' : 'is not supported',
    allowed: 'an http or https URL without user, password, query and fragment, known at synth',
    remedy: 'admit Kong at the collector by its addresses, not by a key',
  });
}

function checkLimits(limits: KongLimits): KongLimits {
  for (const [property, value] of Object.entries(limits) as [string, number][]) {
    checkInteger(property, value, {
      min: 1,
      problem: 'is not a valid limit',
      allowed: 'a whole number of at least 1',
      remedy: 'correct it, or leave it out for the default',
    });
  }
  return limits;
}
