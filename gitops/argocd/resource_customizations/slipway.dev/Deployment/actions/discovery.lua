-- What can be done about a release: end it as long as it is not active, and go back to it once it was.
local status = obj.status or {}
local deleted = obj.metadata.deletionTimestamp ~= nil

-- Without a phase nobody has looked at it yet.
local open = status.phase == nil or status.phase == "Pending" or status.phase == "Building"
    or status.phase == "Pushing" or status.phase == "Activating"

-- Superseded may also be what never was active.
local was_active = false
for _, transition in ipairs(status.transitions or {}) do
  was_active = was_active or transition.to == "Active"
end

local over = status.phase == "Superseded" or status.phase == "RolledBack"

return {
  cancel = {
    disabled = not open or obj.spec.cancel == true or deleted,
    displayName = "Cancel the release",
    iconClass = "fa fa-fw fa-ban",
  },
  rollback = {
    disabled = not (over and was_active and status.version ~= nil),
    displayName = "Roll back to this version",
    iconClass = "fa fa-fw fa-undo",
  },
}
