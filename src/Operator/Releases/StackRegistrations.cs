using System.Globalization;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Ledger;

namespace Slipway.Operator.Releases;

/// <summary>What the ledger is told of a Stack.</summary>
public static class StackRegistrations
{
    public static StackRegistration Of(Stack stack, Guid? cluster) => new(
        Guid.Parse(stack.Metadata.Uid!, CultureInfo.InvariantCulture),
        stack.Metadata.Namespace!,
        stack.Metadata.Name!,
        stack.Metadata.Generation ?? 0,
        (stack.Spec.Policy?.Concurrency ?? Concurrency.Queue) switch
        {
            Concurrency.Queue => ConcurrencyPolicy.Queue,
            Concurrency.Reject => ConcurrencyPolicy.Reject,
            Concurrency.Supersede => ConcurrencyPolicy.Supersede,
            Concurrency.Parallel => ConcurrencyPolicy.Parallel,
        },
        cluster);
}
