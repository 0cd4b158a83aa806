using System.Collections.Concurrent;
using Npgsql;
using Slipway.Testing.Proxies;

namespace Slipway.Ledger.Tests.Env;

/// <summary>A line to the database that breaks at one request, counted from 0.</summary>
internal sealed class BreakingLine : IAsyncDisposable
{
    private readonly PostgresProxy _proxy;
    private readonly TcpForwarder _line;
    private readonly ConcurrentQueue<string> _asked = new();

    /// <param name="database">What it leads to.</param>
    /// <param name="at">The request; null if it is not to break.</param>
    /// <param name="heard">Whether the database hears of the request, and does it; nobody hears what it answers.</param>
    public BreakingLine(LedgerDatabase database, int? at, bool heard)
    {
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        _proxy = new PostgresProxy(address.Host!, address.Port);
        _line = new TcpForwarder("127.0.0.1", _proxy.Port);
        _proxy.Asked = async request =>
        {
            // Noted before the line breaks: whoever is told by that looks at once.
            var number = _asked.Count;
            _asked.Enqueue(request.Text);
            if (number == at)
            {
                await _line.StopAsync();
            }

            return heard || at is null || number < at;
        };
        (address.Host, address.Port, address.SslMode) = ("127.0.0.1", _line.Port, SslMode.Disable);
        DataSource = LedgerDataSource.Create($"{address};Timeout=60;Command Timeout=120");
    }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>What was asked for, in the order of arrival; empty where it was no statement.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _line.DisposeAsync();
        await _proxy.DisposeAsync();
    }
}
