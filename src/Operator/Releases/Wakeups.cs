using Slipway.Crds.Meta;
using Slipway.Runtime;

namespace Slipway.Operator.Releases;

/// <summary>
/// How one controller has another look at an object after a move in the ledger, which no watch of the API server tells.
/// Only a shortcut: whatever is lost with a crash is found again by the first pass after the restart.
/// </summary>
public sealed class Wakeups
{
    private IEnqueuer? _stacks;
    private IEnqueuer? _deployments;
    private IEnqueuer? _patches;
    private IEnqueuer? _teams;

    /// <summary>Called once, when all controllers exist.</summary>
    public void Connect(IEnqueuer stacks, IEnqueuer deployments, IEnqueuer patches, IEnqueuer teams) =>
        (_stacks, _deployments, _patches, _teams) = (stacks, deployments, patches, teams);

    public void Stack(string @namespace, string name) => _stacks?.Enqueue(new NamespacedName(@namespace, name));

    public void Deployment(string @namespace, string name) => _deployments?.Enqueue(new NamespacedName(@namespace, name));

    public void Team(string name) => _teams?.Enqueue(new NamespacedName("", name));

    public void EnvPatch(string @namespace, string name) => _patches?.Enqueue(new NamespacedName(@namespace, name));
}
