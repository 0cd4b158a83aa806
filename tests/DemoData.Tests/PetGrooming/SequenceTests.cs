using Shouldly;
using Slipway.DemoData.PetGrooming;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

public sealed class SequenceTests
{
    private const string Insert = """
        INSERT INTO clients (first_name, last_name, email, phone, street, postal_code, city)
        VALUES ('Ann', 'Other', 'ann@other.example', '', '', '', '') RETURNING id
        """;

    [Fact]
    public async Task The_application_inserts_behind_the_data_set()
    {
        await using var database = await GroomingDatabase.FilledAsync(DemoProfile.Dev);

        (await database.ReadAsync(Insert)).ShouldBe(["101"]);
        foreach (var table in new PetGroomingData(DemoProfile.Dev, 1, null).Tables)
        {
            var sequence = (await database.ReadAsync($"SELECT pg_get_serial_sequence('{table}', 'id')")).Single();
            (await database.ReadAsync($"SELECT (SELECT max(id) FROM {table}) = last_value AND is_called FROM {sequence}"))
                .ShouldBe(["True"], table);
        }
    }

    [Fact]
    public async Task A_sequence_that_is_further_already_is_not_set_back()
    {
        await using var database = await GroomingDatabase.CreateAsync();
        await database.RunAsync("SELECT setval('clients_id_seq', 5000)");
        await database.FillAsync(new PetGroomingData(DemoProfile.Dev, 1, null));

        (await database.ReadAsync(Insert)).ShouldBe(["5001"]);
    }

    [Fact]
    public async Task A_column_that_has_no_sequence_needs_none()
    {
        await using var database = await GroomingDatabase.CreateAsync();
        await database.RunAsync("ALTER TABLE clients ALTER COLUMN id DROP IDENTITY");
        await database.FillAsync(new PetGroomingData(DemoProfile.Dev, 1, null));

        (await database.ReadAsync("SELECT max(id) FROM clients")).ShouldBe(["100"]);
    }
}
