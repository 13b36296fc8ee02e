/**
 * Key of Argo CD's ConfigMap `argocd-cm` that holds the health check of Applications. Argo CD has shipped none since 1.8,
 * and without one, waves of Applications do not wait for each other.
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#argocd-app
 */
export const APPLICATION_HEALTH_KEY = 'resource.customizations.health.argoproj.io_Application';

/**
 * Decides when a child Application counts as healthy, in Lua with the base and table libraries only. It is stricter than
 * the check in Argo CD's documentation. Each step handles a case in which that one lets a wave through too early, or holds
 * it forever:
 * - The status may belong to an older spec (https://github.com/argoproj/argo-cd/issues/5585).
 * - Health ignores hooks, so the check has to look at a sync that is running or has failed.
 * - A sync that failed and will be retried keeps the phase `Running` (controller/appcontroller.go,
 *   processRequestedAppOperation). Reported as degraded, it fails the parent's sync, which is retried and ends. Reported as
 *   progressing, it would make the parent wait for the broken revision and never start on the fixed one.
 * - A sync keeps the source that it began with, so a sync of an older source says nothing about the current one. While it
 *   runs, the sync of the current source is still to come. When it has failed, that sync either follows, or there is
 *   nothing left to sync and none follows: then only a failed hook of a chart still counts, since no sync runs it again.
 * - Health ignores missing objects, so a child that applied nothing is healthy but not synced
 *   (https://github.com/argoproj/argo-cd/issues/27917).
 */
export const APPLICATION_HEALTH_CHECK = `\
local function same(a, b)
  if type(a) ~= type(b) then return false end
  if type(a) ~= "table" then return a == b end
  for key, value in pairs(a) do
    if not same(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

local function hook_failed(result)
  for _, resource in ipairs(result and result.resources or {}) do
    if resource.hookType ~= nil and (resource.hookPhase == "Failed" or resource.hookPhase == "Error") then return true end
  end
  return false
end

local function verdict(status, message)
  return { status = status, message = message or "" }
end

local status = obj.status
if status == nil or status.health == nil or status.sync == nil or status.sync.comparedTo == nil then
  return verdict("Progressing", "not compared yet")
end

local compared = status.sync.comparedTo
if not same(compared.source, obj.spec.source) or not same(compared.sources, obj.spec.sources) then
  return verdict("Progressing", "status belongs to an older spec")
end

local operation = status.operationState
if operation ~= nil then
  local sync = operation.operation and operation.operation.sync
  local older = sync ~= nil and sync.source ~= nil and not same(sync.source, obj.spec.source)
  if older and (operation.phase == "Running" or operation.phase == "Terminating") then
    return verdict("Progressing", "a sync of an older spec has not ended: " .. (operation.message or ""))
  end
  local failed = operation.phase == "Failed" or operation.phase == "Error"
  if failed and older and status.sync.status == "Synced" and hook_failed(operation.syncResult) then
    return verdict("Degraded", "a hook of an older sync failed, and nothing is left to sync; sync it by hand")
  end
  if failed and not older then
    return verdict("Degraded", operation.message or "sync failed")
  end
  if operation.phase == "Running" and (operation.retryCount or 0) > 0 then
    return verdict("Degraded", operation.message or "sync failed and is being retried")
  end
  if operation.phase == "Running" or operation.phase == "Terminating" then
    return verdict("Progressing", operation.message or "sync is running")
  end
end

if status.health.status == "Degraded" then
  return verdict("Degraded", status.health.message)
end
if status.sync.status ~= "Synced" then
  return verdict("Progressing", "not synced")
end
return verdict(status.health.status or "Progressing", status.health.message)
`;
