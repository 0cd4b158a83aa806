using Slipway.DemoData.Chain;

namespace Slipway.DemoData.Tests.Races;

/// <summary>Keeps what a run tells, and passes it on.</summary>
internal sealed class RecordedLog(Action<string, string>? heard = null) : ChainLog
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public override void Done(string step, string text, TimeSpan? took = null) => Add(step, text);

    public override void Waiting(string text) => Add("...", text);

    private void Add(string step, string text)
    {
        lock (_lines)
        {
            _lines.Add($"{step} {text}");
        }

        heard?.Invoke(step, text);
    }
}
