namespace Slipway.Testing;

/// <summary>The end of a day in UTC, at which versions begin to count anew.</summary>
public static class Midnight
{
    /// <summary>How long a test takes that tells versions of one day.</summary>
    private static readonly TimeSpan Room = TimeSpan.FromMinutes(4);

    /// <summary>Waits for the new day if what is left of this one is too short for a test.</summary>
    public static async Task KeepAwayAsync()
    {
        var began = TimeProvider.System.GetUtcNow().UtcDateTime;
        var left = began.Date.AddDays(1) - began;
        if (left < Room)
        {
            await Task.Delay(left);
            await Eventually.See("the new day", () => TimeProvider.System.GetUtcNow().UtcDateTime.Date > began.Date);
        }
    }
}
