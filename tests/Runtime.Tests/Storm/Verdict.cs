using System.Collections.Concurrent;
using Shouldly;

namespace Slipway.Runtime.Tests.Storm;

/// <summary>What should never have happened and did. Thread-safe.</summary>
internal sealed class Verdict
{
    private const int Enough = 20;
    private readonly ConcurrentQueue<string> _violations = new();

    public void Require(bool holds, Func<string> violation)
    {
        if (!holds && _violations.Count < Enough)
        {
            _violations.Enqueue(violation());
        }
    }

    public void Violated(string what) => Require(false, () => what);

    public void ShouldBeClean() => _violations.ShouldBeEmpty();
}
