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

    /// <summary>Called once, when both controllers exist.</summary>
    public void Connect(IEnqueuer stacks, IEnqueuer deployments) => (_stacks, _deployments) = (stacks, deployments);

    public void Stack(string @namespace, string name) => _stacks?.Enqueue(new NamespacedName(@namespace, name));

    public void Deployment(string @namespace, string name) => _deployments?.Enqueue(new NamespacedName(@namespace, name));
}
