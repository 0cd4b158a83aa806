using System.Data;
using System.Text;
using Npgsql;

namespace Slipway.DemoData.Scripts;

/// <summary>Sends rows in PostgreSQL's own text or CSV format.</summary>
internal static class RawCopy
{
    /// <summary>Runs the COPY ... FROM STDIN; what is written to the stream are its rows. An error undoes it.</summary>
    public static async Task SendAsync(
        NpgsqlConnection connection, string copy, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        // Only its stream is used: the writer itself would wait for the server without giving the thread back.
        var writer = await connection.BeginTextImportAsync(copy, cancellationToken);
        var stream = writer.BaseStream;
        // A load takes as long as it takes.
        (stream.ReadTimeout, stream.WriteTimeout) = (Timeout.Infinite, Timeout.Infinite);
        try
        {
            await write(stream);
        }
        catch when (connection.FullState.HasFlag(ConnectionState.Open))
        {
            // Otherwise the rows that were sent so far would be taken for all.
            await writer.CancelAsync();
            throw;
        }

        await stream.DisposeAsync();
    }

    /// <inheritdoc cref="SendAsync(NpgsqlConnection, string, Func{Stream, Task}, CancellationToken)"/>
    public static Task SendAsync(NpgsqlConnection connection, string copy, string rows, CancellationToken cancellationToken) =>
        SendAsync(
            connection,
            copy,
            async stream =>
            {
                var bytes = new byte[1 << 16];
                for (var at = 0; at < rows.Length;)
                {
                    // A pair of surrogates must not be torn.
                    var length = Math.Min(bytes.Length / 3, rows.Length - at);
                    length -= at + length < rows.Length && char.IsHighSurrogate(rows[at + length - 1]) ? 1 : 0;
                    await stream.WriteAsync(bytes.AsMemory(0, Encoding.UTF8.GetBytes(rows.AsSpan(at, length), bytes)), cancellationToken);
                    at += length;
                }
            },
            cancellationToken);
}
