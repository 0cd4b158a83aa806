using Npgsql;
using NpgsqlTypes;

namespace Slipway.DemoData.PetGrooming.Tables;

/// <summary>
/// Writes rows into a binary COPY, value by value, each with its type: what the server makes of a value in another format is an error at
/// best. Labels of enums are text there, so the types of this very transaction, which the driver has never seen, need not be known to it.
/// </summary>
internal sealed class RowWriter(NpgsqlBinaryImporter importer, CancellationToken cancellationToken)
{
    /// <summary>How many were begun.</summary>
    public int Rows { get; private set; }

    /// <summary>Begins the next row.</summary>
    public Task StartAsync()
    {
        Rows++;
        return importer.StartRowAsync(cancellationToken);
    }

    /// <summary>A <c>bigint</c>.</summary>
    public Task IdAsync(long id) => importer.WriteAsync(id, NpgsqlDbType.Bigint, cancellationToken);

    /// <summary>An <c>integer</c>.</summary>
    public Task NumberAsync(int number) => importer.WriteAsync(number, NpgsqlDbType.Integer, cancellationToken);

    public Task FlagAsync(bool flag) => importer.WriteAsync(flag, NpgsqlDbType.Boolean, cancellationToken);

    /// <summary>A <c>text</c>, or the label of an enum.</summary>
    public Task TextAsync(string? text) =>
        text is null ? importer.WriteNullAsync(cancellationToken) : importer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);

    public Task DateAsync(DateOnly date) => importer.WriteAsync(date, NpgsqlDbType.Date, cancellationToken);

    /// <summary>A <c>timestamptz</c>.</summary>
    /// <param name="time">In UTC.</param>
    public Task TimeAsync(DateTime? time) => time is { } known
        ? importer.WriteAsync(known, NpgsqlDbType.TimestampTz, cancellationToken)
        : importer.WriteNullAsync(cancellationToken);
}
