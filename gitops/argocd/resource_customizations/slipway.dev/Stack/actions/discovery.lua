-- A suspended Stack goes on running what it runs, and admits no release.
local suspended = obj.spec.suspend == true

return {
  suspend = {
    disabled = suspended,
    displayName = "Suspend releases",
    iconClass = "fa fa-fw fa-pause",
  },
  resume = {
    disabled = not suspended,
    displayName = "Resume releases",
    iconClass = "fa fa-fw fa-play",
  },
}
