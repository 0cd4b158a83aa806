using Slipway.DemoData.Scripts;
using Slipway.Testing.Proxies;

namespace Slipway.DemoData.Tests.Races;

/// <summary>A run that is killed just before the database hears of one of its statements. To log in and to take one's leave are none.</summary>
/// <param name="number">Which one, from 1.</param>
internal sealed class KillPoint(int number)
{
    private readonly Lock _gate = new();
    private int _statements;
    private bool _swapsNothing;
    private string _killedAt = "";

    public int Number => number;

    /// <summary>Whether it had that many requests.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>How many commits the database has heard of.</summary>
    public int Commits { get; private set; }

    /// <summary>What a reader saw when it was dead.</summary>
    public string Seen { get; set; } = "";

    /// <summary>Whether it is to be killed now. What it asks after that is not to be passed on.</summary>
    public bool IsReachedBy(PostgresRequest request)
    {
        lock (_gate)
        {
            if (IsKilled || request.Text is "" or PostgresRequest.End)
            {
                return false;
            }

            IsKilled = ++_statements == number;
            _killedAt = IsKilled ? ServerErrors.Cut(request.Text) : _killedAt;

            // A swap that finds somebody in its way commits nothing, and is tried again.
            _swapsNothing = request.Text.StartsWith("SELECT 'process '", StringComparison.Ordinal)
                || (_swapsNothing && !request.Text.StartsWith("CREATE SCHEMA slipway_old_", StringComparison.Ordinal));
            Commits += !IsKilled && !_swapsNothing && request.Text == "COMMIT" ? 1 : 0;
            return IsKilled;
        }
    }

    public override string ToString() => IsKilled ? $"killed before statement {number}: {_killedAt}" : $"alive after {_statements} statements";
}
