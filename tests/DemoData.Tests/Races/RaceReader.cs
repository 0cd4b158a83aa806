using System.Collections.Concurrent;
using Npgsql;

namespace Slipway.DemoData.Tests.Races;

/// <summary>Somebody who uses the demo database meanwhile: reads everything, again and again, each time at one moment.</summary>
internal sealed class RaceReader : IAsyncDisposable
{
    /// <summary>What is seen where there are no tables.</summary>
    public const string Nothing = "no tables";

    private const string Everything =
        "SELECT (SELECT string_agg(name, ',' ORDER BY id) FROM owners) || '/' || (SELECT string_agg(name, ',' ORDER BY id) FROM pets)";

    /// <summary>Leaves the machine to those who are watched.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly RaceDatabase _database;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, byte> _seen = new();
    private readonly Task _reading;

    public RaceReader(RaceDatabase database)
    {
        _database = database;
        _reading = ReadAsync();
    }

    /// <summary>What is seen of a whole data set: its name.</summary>
    public static string Of(string data) => $"{data} Ada,{data} Bob/{data} Rex,{data} Tom,{data} Kit,{data} Max";

    /// <summary>What there is to see at this moment.</summary>
    public async Task<string> LookAsync()
    {
        await using var connection = await _database.OpenAsync();
        return await LookAsync(connection);
    }

    /// <summary>Stops looking.</summary>
    /// <returns>All that has ever been seen.</returns>
    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        return [.. _seen.Keys];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static async Task<string> LookAsync(NpgsqlConnection connection)
    {
        try
        {
            return await connection.Command(Everything).ScalarAsync<string>(default) ?? "empty tables";
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return Nothing;
        }
        catch (PostgresException error)
        {
            return error.Message;
        }
    }

    private async Task ReadAsync()
    {
        await using var connection = await _database.OpenAsync();
        while (!_stop.IsCancellationRequested)
        {
            _seen[await LookAsync(connection)] = 0;
            await Task.Delay(Pause);
        }
    }
}
