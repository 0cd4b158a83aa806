using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Testing;

/// <summary>Waits for something to become true; when it does not, says what was seen last.</summary>
public static class Eventually
{
    /// <summary>Long enough for a busy machine, also for what begins with the next full minute. Nothing that succeeds waits for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks again and again until <paramref name="holds"/>; then returns what was seen.</summary>
    /// <exception cref="TimeoutException">It did not hold in time; the message shows what was seen last.</exception>
    public static Task<T> See<T>(string what, Func<Task<T>> look, Func<T, bool> holds, Func<string>? explain = null) =>
        See(what, look, holds, () => Task.FromResult(explain?.Invoke() ?? ""));

    /// <summary>The same where it takes a while to find out what else to say of a failure.</summary>
    public static async Task<T> See<T>(string what, Func<Task<T>> look, Func<T, bool> holds, Func<Task<string>> explain)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (holds(seen))
            {
                return seen;
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Not seen in {Patience.TotalSeconds} s: {what}\nSeen last: {Show(seen)}\n{await explain()}");
            }

            await Task.Delay(Pause);
        }
    }

    public static Task See(string what, Func<bool> holds, Func<string>? explain = null) =>
        See(what, () => Task.FromResult(holds()), seen => seen, explain);

    private static string Show<T>(T seen) => seen switch
    {
        null => "nothing",
        JsonNode node => node.ToJsonString(new JsonSerializerOptions { WriteIndented = true }),
        string text => text,
        System.Collections.IEnumerable many => string.Join('\n', many.Cast<object?>().Select(Show)),
        _ => seen.ToString() ?? "",
    };
}
