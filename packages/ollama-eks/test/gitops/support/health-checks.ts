/** The health checks in Lua that Argo CD runs: those in `argocd-cm`, and its own where that has none. */
import { APPLICATION_HEALTH_KEY } from '../../../src/gitops/application-health';
import { argoCdValues } from '../../../src/gitops/argo-cd-values';
import { CRD_HEALTH_KEY } from '../../../src/gitops/crd-health';
import { runHealthCheck, type Verdict } from './lua';

/** Health checks in `argocd-cm`, by their keys. */
export type HealthChecks = Readonly<Record<string, string>>;

/** The health checks that the delivery writes to `argocd-cm`. */
export const DELIVERED_CHECKS = (argoCdValues([]) as { readonly configs: { readonly cm: HealthChecks } }).configs.cm;

/** What Argo CD 3.4.4 decides without a check in `argocd-cm`. */
const BUILT_IN: HealthChecks = {
  // none since 1.8
  [APPLICATION_HEALTH_KEY]: 'return { status = "Healthy", message = "" }',
  // only an established definition is not degraded
  [CRD_HEALTH_KEY]: `
for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Established" and condition.status == "True" then return { status = "Healthy", message = "" } end
end
return { status = "Degraded", message = "CRD is not established" }`,
};

/** Returns the health of an Application. */
export function applicationHealth(checks: HealthChecks, application: unknown): Verdict {
  return runHealthCheck({ ...BUILT_IN, ...checks }[APPLICATION_HEALTH_KEY] ?? '', application);
}

/** Returns the health of a custom resource definition. */
export function definitionHealth(checks: HealthChecks, definition: unknown): Verdict {
  return runHealthCheck({ ...BUILT_IN, ...checks }[CRD_HEALTH_KEY] ?? '', definition);
}
