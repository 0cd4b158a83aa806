using Npgsql;
using Slipway.DemoData.Chain;
using Slipway.DemoData.PetGrooming.Tables;
using Slipway.DemoData.PetGrooming.Visits;

namespace Slipway.DemoData.PetGrooming;

/// <summary>
/// The built-in data set, a pet-grooming business. Everything is drawn from one stream of numbers, so the same profile and scale give
/// the same rows, byte by byte, on every run and machine.
/// </summary>
public sealed class PetGroomingData : IDataSet
{
    /// <summary>The greatest factor for all counts.</summary>
    public const int GreatestScale = 1000;

    private const uint Seed = 42;

    /// <summary>
    /// The server checks the references at the end of a copy, and that takes as long as it takes. No limit at all cannot be told: the
    /// driver takes zero for at once.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>
    /// A sequence that the application has driven further is left alone: to set one back cannot be rolled back, and would let the
    /// application collide with its own rows. A column without a sequence gives null, and no row.
    /// </summary>
    private const string Advance = """
        SELECT setval(sequence, $2)
        FROM (SELECT pg_get_serial_sequence($1, 'id')::regclass AS sequence) AS owned
        WHERE coalesce(pg_sequence_last_value(sequence), 0) < $2
        """;

    private readonly DemoProfile _profile;
    private readonly int _scale;
    private readonly string? _adminEmail;

    /// <param name="scale">Multiplies all counts; from 1 to <see cref="GreatestScale"/>.</param>
    /// <param name="adminEmail">Of member of staff 1, the manager, in place of the invented one; null or blank for that.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not within its bounds.</exception>
    /// <exception cref="DemoDataException">The e-mail address is none: <see cref="DemoDataFault.BrokenDataSet"/>.</exception>
    public PetGroomingData(DemoProfile profile, int scale, string? adminEmail)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, GreatestScale);
        (_profile, _scale) = (profile, scale);
        _adminEmail = string.IsNullOrWhiteSpace(adminEmail) ? null : CheckedEmail(adminEmail.Trim());
    }

    public string Description => FormattableString.Invariant($"pet grooming, profile {DemoProfiles.NameOf(_profile)}")
        + (_scale == 1 ? "" : FormattableString.Invariant($" × {_scale}"));

    public IReadOnlyList<string> Tables => TableNames.All;

    public async Task<IReadOnlyList<FilledPart>> FillAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var parts = new List<FilledPart>();
        foreach (var table in Draw(BusinessSize.Of(_profile, _scale)))
        {
            try
            {
                parts.Add(await FillAsync(connection, table, cancellationToken));
            }
            catch (PostgresException error) when (Misfit.IsOne(error))
            {
                throw Misfit.Of(table.Name, error);
            }
        }

        return parts;
    }

    /// <summary>Each table is drawn when the one before it has been written: they share the stream, and visits know the pets.</summary>
    private IEnumerable<GroomingTable> Draw(BusinessSize size)
    {
        var dice = new Mulberry32(Seed);
        var households = new Households(size.Clients, size.Pets);
        yield return new StaffTable(size, dice, _profile == DemoProfile.Uat, _adminEmail);
        yield return new ServicesTable(size);
        yield return new ClientsTable(size, dice, households);
        yield return new PetsTable(size, dice, households);

        var visits = new VisitBook(size, households, dice.State);
        yield return new InvoicesTable(visits);
        yield return new LineItemsTable(visits);
        yield return new TipSplitsTable(visits);
        yield return new VisitLogsTable(visits);
    }

    private static async Task<FilledPart> FillAsync(NpgsqlConnection connection, GroomingTable table, CancellationToken cancellationToken)
    {
        // Here and not by the copy itself, whose wait for the lock could not be called off: the session would stay and wait.
        await using (var locking = new NpgsqlCommand(table.LockStatement, connection))
        {
            await locking.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var importer = await connection.BeginBinaryImportAsync(table.CopyStatement, cancellationToken);
        importer.Timeout = Patience;
        var rows = new RowWriter(importer, cancellationToken);
        await table.WriteAsync(rows);
        await importer.CompleteAsync(cancellationToken);
        await importer.CloseAsync(cancellationToken);
        await AdvanceAsync(connection, table.Name, rows.Rows, cancellationToken);
        return new FilledPart(table.Name, rows.Rows);
    }

    private static async Task AdvanceAsync(NpgsqlConnection connection, string table, long greatest, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Advance, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = greatest });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string CheckedEmail(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        var isOne = at > 0 && at == email.LastIndexOf('@') && at < email.Length - 1
            && !email.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || char.IsSurrogate(letter));
        return isOne
            ? email
            : throw new DemoDataException(
                DemoDataFault.BrokenDataSet, $"The admin e-mail '{email}' is no e-mail address, such as admin@example.com.");
    }
}
