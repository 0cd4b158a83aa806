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
    private readonly byte[] _buffer = new byte[ChunkSize];

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
    /// <exception cref="DemoDataException">It does not fit the table; the message tells file, line and column as far as they are known.</exception>
    public async Task<long> LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var file = _source.Open(Fault);
        var beginning = await ReadAsync(file, cancellationToken);
        beginning = beginning.Span.StartsWith(ByteOrderMark) ? beginning[ByteOrderMark.Length..] : beginning;
        var columns = ColumnsOf(beginning.Span);

        var copy = $"COPY {Identifiers.Quote(Table)} ({string.Join(", ", columns.Select(Identifiers.Quote))}) FROM STDIN (FORMAT csv, HEADER)";
        var rows = new CsvRows();
        try
        {
            await RawCopy.SendAsync(
                connection, copy, server => SendAsync(file, beginning, rows, server, cancellationToken), cancellationToken);
        }
        catch (PostgresException error) when (ServerErrors.Blames(error))
        {
            throw new CsvError(_source.Name, Table, columns, rows).Explain(error);
        }

        // Not the line of the names.
        return rows.Count - 1;
    }

    private async Task SendAsync(
        Stream file, ReadOnlyMemory<byte> beginning, CsvRows rows, Stream server, CancellationToken cancellationToken)
    {
        for (var chunk = beginning; chunk.Length > 0; chunk = await ReadAsync(file, cancellationToken))
        {
            rows.Read(chunk.Span);
            RefuseEndMark(rows);
            await server.WriteAsync(chunk, cancellationToken);
        }

        rows.Finish();
        RefuseEndMark(rows);
    }

    /// <summary>The next bytes, in the place of those before.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        try
        {
            var length = await file.ReadAtLeastAsync(_buffer, _buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return _buffer.AsMemory(0, length);
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
