-- How Argo CD shows an object of slipway.dev, by the rules of kstatus and in their order. The same file for every kind.
local health = { status = "Progressing", message = "the operator has not looked at it yet" }

if obj.metadata.deletionTimestamp ~= nil then
  health.message = "it is being deleted"
  return health
end

local status = obj.status
if status == nil or status.conditions == nil or status.observedGeneration ~= obj.metadata.generation then
  return health
end

local conditions = {}
for _, condition in ipairs(status.conditions) do
  conditions[condition.type] = condition
end

local function is_true(name)
  return conditions[name] ~= nil and conditions[name].status == "True"
end

if is_true("Reconciling") then
  health.message = conditions.Reconciling.message
  -- A release that waits because somebody suspended its Stack.
  if conditions.Reconciling.reason == "Suspended" then
    health.status = "Suspended"
  end
elseif is_true("Stalled") then
  health.status = "Degraded"
  health.message = conditions.Stalled.message
elseif is_true("Ready") then
  health.message = conditions.Ready.message
  -- Only a Stack has that.
  if obj.spec.suspend then
    health.status = "Suspended"
    health.message = "suspended by spec.suspend; " .. health.message
  else
    health.status = "Healthy"
  end
elseif conditions.Ready ~= nil then
  health.message = conditions.Ready.message
end

return health
