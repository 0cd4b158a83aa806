using System.Diagnostics;
using System.Text;

namespace Slipway.Benchmarks.Latency;

/// <summary>The one object that is waited for, and when it was seen.</summary>
internal sealed class Sighting
{
    private Expected _expected = new("");

    /// <summary>The timestamp (of <see cref="Stopwatch"/>) at which the object will have been seen for the first time.</summary>
    public Task<long> ExpectAsync(string name)
    {
        var expected = new Expected(name);
        Volatile.Write(ref _expected, expected);
        return expected.Seen.Task;
    }

    /// <summary>An object of this name was seen.</summary>
    public void See(string name)
    {
        var now = Stopwatch.GetTimestamp();
        var expected = Volatile.Read(ref _expected);
        if (expected.Name == name)
        {
            expected.Seen.TrySetResult(now);
        }
    }

    /// <summary>These bytes arrived; they may name the object.</summary>
    public void See(ReadOnlySpan<byte> line)
    {
        var now = Stopwatch.GetTimestamp();
        var expected = Volatile.Read(ref _expected);
        if (expected.Utf8.Length > 0 && line.IndexOf(expected.Utf8) >= 0)
        {
            expected.Seen.TrySetResult(now);
        }
    }

    private sealed class Expected(string name)
    {
        public string Name { get; } = name;

        public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(name);

        public TaskCompletionSource<long> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
