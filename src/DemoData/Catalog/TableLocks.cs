using Slipway.DemoData.Chain;

namespace Slipway.DemoData.Catalog;

/// <summary>
/// Gets hold of tables that are in use without getting into anybody's way for long: whoever asks for a lock that he cannot have makes
/// all who come after him wait too, so each try is short.
/// </summary>
internal sealed class TableLocks(DemoOptions options, ChainLog log, TimeProvider time, Random random)
{
    /// <summary>How long a try may make others wait. Shorter than the server takes to look for deadlocks, so that nobody else is ever ended for one.</summary>
    public static readonly TimeSpan Try = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The longest that others may have had to wait for us: the longest try, or the whole change that came after a try that succeeded.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>Statement that bounds a try.</summary>
    public static string Bound => $"SET LOCAL lock_timeout = '{Try.TotalMilliseconds:0}ms'";

    /// <summary>Tries until nobody is in the way.</summary>
    /// <param name="attempt">Does it all and answers true, or leaves everything as it was and answers false.</param>
    /// <param name="holders">Tells who is in the way.</param>
    /// <exception cref="DemoDataException">Somebody was, for longer than was to be waited.</exception>
    public async Task RunAsync(Func<Task<bool>> attempt, Func<Task<string>> holders, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var pause = FirstPause;
        for (var first = true; !await MeasuredAsync(attempt); first = false)
        {
            var who = await holders();
            var waited = time.GetElapsedTime(began);
            if (waited >= options.WaitForTables)
            {
                throw new DemoDataException(
                    DemoDataFault.TablesInUse,
                    $"The tables have been in use for {waited.TotalSeconds:0} s, by {who}. Nothing was changed. Try again later, or give --wait-for-tables more time.");
            }

            if (first)
            {
                log.Waiting($"waiting for the tables, which are in use by {who}");
            }

            await Task.Delay(pause * (0.5 + random.NextDouble()), time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<bool> MeasuredAsync(Func<Task<bool>> attempt)
    {
        var began = time.GetTimestamp();
        try
        {
            return await attempt();
        }
        finally
        {
            Took(time.GetElapsedTime(began));
        }
    }

    private void Took(TimeSpan wait) => LongestWait = wait > LongestWait ? wait : LongestWait;
}
