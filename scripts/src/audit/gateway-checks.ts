import { HEALTH_ROUTE, MODELS_HEAD_ROUTE, OLLAMA, OLLAMA_ROUTES, type OllamaRoute } from '@org/ollama-eks/pure';
import { fail, ok, warn, type Check, type Outcome } from '../checks/findings';
import { counted } from '../program/words';
import { gatewayCertificates, readGateway, type HttpRoute } from '../systems/gateway-objects';
import type { Kubectl } from '../systems/kubectl';

interface RoutedPath {
  readonly type: string;
  readonly value: string;
}

/** Returns the checks of what the gateway accepts. */
export function gatewayChecks(kubectl: Kubectl): readonly Check[] {
  return [
    {
      id: 'gateway-routes',
      title: 'the gateway has no route that changes models or leaks data',
      run: () => gatewayRoutes(kubectl),
    },
    { id: 'gateway-tls', title: 'the gateway accepts only TLS', run: () => gatewayTls(kubectl) },
  ];
}

async function gatewayRoutes(kubectl: Kubectl): Promise<Outcome> {
  const routes = await kubectl.list<HttpRoute>('httproutes.gateway.networking.k8s.io', OLLAMA);
  const allowed = [
    ...OLLAMA_ROUTES.filter(({ class: kind }) => kind === 'inference' || kind === 'read'),
    HEALTH_ROUTE,
    MODELS_HEAD_ROUTE,
  ];
  const admin = OLLAMA_ROUTES.filter(({ class: kind }) => kind === 'admin');
  const counts = { allowed: 0, admin: 0 };
  const unknown: string[] = [];
  for (const { spec } of routes) {
    for (const { method, path } of (spec.rules ?? []).flatMap(
      ({ matches }) => matches ?? [{ method: undefined, path: undefined }],
    )) {
      if (isRoute(allowed, method, path)) counts.allowed += 1;
      else if (isRoute(admin, method, path) && (spec.hostnames ?? []).length > 0) counts.admin += 1;
      else unknown.push(`${method ?? 'any method'} ${path?.value ?? 'any path'}`);
    }
  }
  if (unknown.length > 0)
    return fail(
      `routes outside the allow-list: ${unknown.join(', ')}`,
      'sync the Application of the exposure: ollama-eks status',
    );
  if (counts.allowed === 0)
    return fail(`no HTTPRoute in ${OLLAMA} routes anything`, 'sync the Application of the exposure: ollama-eks status');
  if (counts.admin > 0)
    return warn(
      `${counted(counts.admin, 'admin route')} under a separate hostname`,
      'turn adminRoutes off unless they are used',
    );
  return ok(`${counted(counts.allowed, 'route')}, all on the allow-list`);
}

function isRoute(
  routes: readonly Pick<OllamaRoute, 'methods' | 'path'>[],
  method: string | undefined,
  path: RoutedPath | undefined,
): boolean {
  return routes.some(
    (route) =>
      path !== undefined &&
      (route.methods as readonly (string | undefined)[]).includes(method) &&
      (path.type === 'Exact'
        ? route.path === path.value
        : path.type === 'RegularExpression' && isSegment(route, path.value)),
  );
}

/** Whether a pattern matches exactly the route, with one segment as its parameter. */
function isSegment({ path }: Pick<OllamaRoute, 'path'>, pattern: string): boolean {
  const fixed = path.replace(/\{\w+\}$/, '');
  if (fixed === path || !pattern.startsWith(fixed)) return false;
  const matches = new RegExp(`^(?:${pattern})$`);
  return matches.test(`${fixed}a`) && !matches.test(`${fixed}a/b`);
}

async function gatewayTls(kubectl: Kubectl): Promise<Outcome> {
  const gateway = await readGateway(kubectl);
  if (gateway === undefined) return fail('the gateway does not exist', 'ollama-eks status');
  const { listeners } = gateway.spec;
  const plain = listeners.filter(({ protocol, tls }) => protocol !== 'HTTPS' || tls?.mode !== 'Terminate');
  if (plain.length > 0)
    return fail(
      `listeners without TLS: ${plain.map(({ name }) => name).join(', ')}`,
      'sync the Application of the exposure: ollama-eks status',
    );
  const found = await gatewayCertificates(kubectl, gateway);
  if (found.size === 0)
    return fail('no listener has a certificate', 'ollama-eks status shows the Application of the exposure');
  const missing = [...found].filter(([, certificate]) => certificate === undefined).map(([name]) => name);
  if (missing.length > 0) return fail(`no certificate in Secret ${missing.join(', ')}`, 'ollama-eks deploy writes it');
  const certificates = [...found].map(([name, certificate]) => ({
    name,
    fingerprint: certificate?.fingerprint256,
    validTo: certificate?.validTo,
  }));
  return ok(certificates.map(({ name, validTo }) => `${name} valid until ${validTo ?? ''}`).join(', '), {
    certificates,
  });
}
