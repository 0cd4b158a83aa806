using Npgsql;

namespace Slipway.DemoData.Scripts;

/// <summary>A CSV whose first line names the columns of the table that the file is named after. It is never read as a whole.</summary>
internal sealed class CsvFile
{
    private const DemoDataFault Fault = DemoDataFault.BrokenDataSet;

    /// <summary>What is read at once, in bytes; the first line must fit in.</summary>
    private const int ChunkSize = 1 << 16;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly ScriptSource _source;

    /// <exception cref="DemoDataException">The file's name names no table.</exception>
    public CsvFile(ScriptSource source)
    {
        _source = source;
        Table = Path.GetFileNameWithoutExtension(source.Name).TrimStart([.. "0123456789"]).TrimStart('_', '-');
        if (Table.Length == 0)
        {
            throw new DemoDataException(Fault, $"{source.Name}: the file must be called like its table, for example 010_clients.csv");
        }
    }

    /// <summary>The file's name without extension, and without the digits in front that give the order.</summary>
    public string Table { get; }

    /// <summary>Writes its rows to the table.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="DemoDataException">It does not fit the table; the message tells file, and line and column as far as they are known.</exception>
    public async Task<long> LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var stream = _source.Open(Fault);
        var buffer = new byte[ChunkSize];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var start = buffer.AsSpan(0, length).StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        var columns = ColumnsOf(buffer.AsSpan(start, length - start));

        var rows = new CsvRows();
        try
        {
            var names = string.Join(", ", columns.Select(Identifiers.Quote));
            var copy = $"COPY {Identifiers.Quote(Table)} ({names}) FROM STDIN (FORMAT csv, HEADER)";
            await RawCopy.SendAsync(connection, copy, SendAsync, cancellationToken);
        }
        catch (PostgresException error) when (ServerErrors.Blames(error))
        {
            throw new CsvError(_source.Name, Table, columns, rows).Explain(error);
        }

        // Not the line of the names.
        return rows.Count - 1;

        async Task SendAsync(Stream server)
        {
            for (var chunk = buffer.AsMemory(start, length - start); chunk.Length > 0; chunk = await NextAsync(stream, buffer, cancellationToken))
            {
                rows.Read(chunk.Span);
                RefuseEndMark(rows);
                await server.WriteAsync(chunk, cancellationToken);
            }

            rows.Finish();
            RefuseEndMark(rows);
        }
    }

    private async Task<Memory<byte>> NextAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return buffer.AsMemory(0, await stream.ReadAsync(buffer, cancellationToken));
        }
        catch (IOException error)
        {
            throw new DemoDataException(Fault, $"{_source.Name} cannot be read: {error.Message}", error);
        }
    }

    private IReadOnlyList<string> ColumnsOf(ReadOnlySpan<byte> beginning)
    {
        var line = _source.Decode(beginning[..CsvRows.LengthOfFirst(beginning)], Fault);
        return line.Contains('\0')
            ? throw new DemoDataException(Fault, $"{_source.Name}, line 1: not UTF-8; save the file in this encoding")
            : CsvHeader.Parse(line)
                ?? throw new DemoDataException(Fault, $"{_source.Name}, line 1: the first line must name the columns, separated by commas");
    }

    private void RefuseEndMark(CsvRows rows)
    {
        if (rows.EndMarkLine is { } line)
        {
            throw new DemoDataException(
                Fault, $"{_source.Name}, line {line}: PostgreSQL takes \\. for the end of the data and drops what follows; write it in quotes");
        }
    }
}
