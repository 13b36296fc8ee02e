/**
 * Key of Argo CD's ConfigMap `argocd-cm` that replaces the built-in health check of custom resource definitions.
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#way-1-define-a-custom-health-check-in-argocd-cm-configmap
 */
export const CRD_HEALTH_KEY = 'resource.customizations.health.apiextensions.k8s.io_CustomResourceDefinition';

/**
 * Decides when a custom resource definition counts as healthy, in Lua. The API server takes some seconds to establish one.
 * Argo CD before 3.5.0 calls it degraded during that time, so each Application that contains definitions fails the first sync
 * of the root, which waits longer before each retry (https://github.com/argoproj/argo-cd/issues/25084). This check calls it
 * progressing, as Argo CD 3.5.0 does, and degraded only if the API server refuses its names or its schema.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/ (status.conditions)
 */
export const CRD_HEALTH_CHECK = `\
local function verdict(status, message)
  return { status = status, message = message or "" }
end

if obj.metadata.deletionTimestamp ~= nil then
  return verdict("Progressing", "the definition is being deleted")
end

local conditions = {}
for _, condition in ipairs(obj.status and obj.status.conditions or {}) do
  conditions[condition.type] = condition
end
local function is(name, status)
  return conditions[name] ~= nil and conditions[name].status == status
end

if is("NamesAccepted", "False") then
  return verdict("Degraded", "the names are not accepted: " .. (conditions.NamesAccepted.message or ""))
end
if is("NonStructuralSchema", "True") then
  return verdict("Degraded", "the schema is not structural: " .. (conditions.NonStructuralSchema.message or ""))
end
if is("Established", "True") then
  return verdict("Healthy", "the definition is established")
end
if is("Established", "False") and conditions.Established.reason ~= "Installing" then
  return verdict("Degraded", "the definition is not established: " .. (conditions.Established.message or ""))
end
return verdict("Progressing", "the definition is being established")
`;
