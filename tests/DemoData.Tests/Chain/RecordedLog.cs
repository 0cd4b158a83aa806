using System.Collections.Concurrent;
using Slipway.DemoData.Chain;

namespace Slipway.DemoData.Tests.Chain;

/// <summary>What the chain has told, as lines that begin with the step; what it waits for begins with three points.</summary>
internal sealed class RecordedLog : ChainLog
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    /// <summary>What was told of this step.</summary>
    public IReadOnlyList<string> Of(string step) =>
        [.. _lines.Where(line => line.StartsWith($"{step}: ", StringComparison.Ordinal)).Select(line => line[(step.Length + 2)..])];

    public override void Done(string step, string text, TimeSpan? took = null) => _lines.Enqueue($"{step}: {text}");

    public override void Waiting(string text) => _lines.Enqueue($"...: {text}");
}
