local os = require("os")

-- A release of its own, since specs are immutable. Its name has the second in it: whoever clicks twice gets one, and an error.
local name = "rollback-" .. os.date("!%Y%m%d%H%M%S")
local long = obj.spec.stack .. "-" .. name
if #long <= 63 then
  name = long
end

local release = {
  apiVersion = obj.apiVersion,
  kind = obj.kind,
  metadata = {
    name = name,
    namespace = obj.metadata.namespace,
  },
  spec = {
    stack = obj.spec.stack,
    source = { rollback = { version = obj.status.version } },
    requestedBy = "Argo CD",
  },
}

-- So that it is shown below its Stack, and goes with it. Without Argo CD's own label: no sync prunes what it does not know.
if obj.status.stackUid ~= nil then
  release.metadata.ownerReferences = {
    { apiVersion = obj.apiVersion, kind = "Stack", name = obj.spec.stack, uid = obj.status.stackUid },
  }
end

return { { operation = "create", resource = release } }
