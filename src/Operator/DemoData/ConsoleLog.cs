using System.Globalization;
using Slipway.DemoData.Chain;

namespace Slipway.Operator.DemoData;

/// <summary>A line for each step: what was done, and how long it took.</summary>
internal sealed class ConsoleLog(TextWriter output, TextWriter asides) : ChainLog
{
    public override void Done(string step, string text, TimeSpan? took = null) => output.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{step,-9} {text}{(took is { } time ? $" ({time.TotalSeconds:0.00} s)" : "")}"));

    public override void Waiting(string text) => asides.WriteLine($"{"...",-9} {text}");
}
