using Slipway.Testing;
using Slipway.Testing.Proxies;

namespace Slipway.DemoData.Tests.Races;

/// <summary>Keeps one request from the database for a while.</summary>
internal sealed class Hold
{
    private readonly Gate _reached = new();
    private readonly Gate _released = new();
    private int _seen;

    /// <param name="proxy">Where it comes through.</param>
    /// <param name="text">How it begins.</param>
    /// <param name="occurrence">Which one of those, from 1.</param>
    public Hold(PostgresProxy proxy, string text, int occurrence = 1) => proxy.Asked = async request =>
    {
        if (request.Text.StartsWith(text, StringComparison.Ordinal) && Interlocked.Increment(ref _seen) == occurrence)
        {
            _reached.Open();
            await _released.Opened;
        }

        return true;
    };

    /// <summary>Waits until the process is at it.</summary>
    public async Task SeeAsync(SlipwayProcess process)
    {
        var exit = process.ExitAsync();
        if (await Task.WhenAny(_reached.Opened, exit) == exit)
        {
            throw new InvalidOperationException($"It ended with exit code {await exit} before that.\n{process.Log}");
        }
    }

    /// <summary>Passes it on, if there is somebody left to take it.</summary>
    public void Release() => _released.Open();
}
