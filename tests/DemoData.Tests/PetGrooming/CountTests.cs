using Shouldly;
using Slipway.DemoData.PetGrooming;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

[Collection(ReadingProfiles.Name)]
public sealed class CountTests(FilledProfiles profiles)
{
    [Theory]
    [InlineData(DemoProfile.Dev, "4 10 100 176 1000 1000", "1 1 2")]
    [InlineData(DemoProfile.Uat, "4 10 100 176 1000 1000", "1 1 2")]
    [InlineData(DemoProfile.Demo, "8 10 500 880 4000 4000", "1 2 5")]
    public async Task Each_profile_has_exactly_its_counts(DemoProfile profile, string counts, string roles)
    {
        var database = profiles.Of(profile);

        (await CountsAsync(database)).ShouldBe(counts);
        (await RolesAsync(database)).ShouldBe(roles);
    }

    [Theory]
    [InlineData(DemoProfile.Dev)]
    [InlineData(DemoProfile.Uat)]
    [InlineData(DemoProfile.Demo)]
    public async Task Every_client_has_from_one_to_four_pets(DemoProfile profile) =>
        (await profiles.Of(profile).ReadAsync(
            "SELECT DISTINCT count(pets.id) FROM clients LEFT JOIN pets ON pets.client_id = clients.id GROUP BY clients.id ORDER BY 1"))
            .ShouldBe(["1", "2", "3", "4"]);

    [Theory]
    [InlineData(DemoProfile.Dev)]
    [InlineData(DemoProfile.Uat)]
    [InlineData(DemoProfile.Demo)]
    public async Task Every_invoice_has_from_one_to_four_line_items_and_a_tip_that_is_split(DemoProfile profile)
    {
        var database = profiles.Of(profile);

        (await database.ReadAsync("""
            SELECT DISTINCT count(item.id) FROM invoices LEFT JOIN invoice_line_items item ON invoice_id = invoices.id
            GROUP BY invoices.id ORDER BY 1
            """))
            .ShouldBe(["1", "2", "3", "4"]);
        (await database.ReadAsync("SELECT count(*) FROM invoices WHERE tip_cents <= 0")).ShouldBe(["0"]);
        (await database.ReadAsync("SELECT count(DISTINCT invoice_id) = (SELECT count(*) FROM invoices) FROM tip_splits"))
            .ShouldBe(["True"]);
    }

    [Fact]
    public async Task The_scale_multiplies_all_counts()
    {
        await using var database = await GroomingDatabase.FilledAsync(DemoProfile.Dev, scale: 3);

        (await CountsAsync(database)).ShouldBe("12 30 300 528 3000 3000");
        (await RolesAsync(database)).ShouldBe("3 3 6");
        (await database.ReadAsync("SELECT name FROM services WHERE name LIKE 'Nail Trim%' ORDER BY id"))
            .ShouldBe(["Nail Trim", "Nail Trim 2", "Nail Trim 3"]);
        (await database.ReadAsync("SELECT count(DISTINCT service_id) FROM invoice_line_items")).ShouldBe(["30"]);
        (await Sense.ViolationsAsync(database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Says_how_many_rows_of_which_table_it_has_written()
    {
        await using var database = await GroomingDatabase.CreateAsync();
        var data = new PetGroomingData(DemoProfile.Dev, 1, null);
        var parts = await database.FillAsync(data);

        parts.Select(part => part.Name).ShouldBe(data.Tables);
        foreach (var part in parts)
        {
            (await database.ReadAsync($"SELECT count(*) FROM {part.Name}")).ShouldBe([$"{part.Rows}"], part.Name);
        }
    }

    [Fact]
    public async Task The_page_tells_the_counts()
    {
        var page = await File.ReadAllTextAsync(Repository.PathOf("docs/pet-grooming.md"));

        page.ShouldContain("""
            | staff | 4 | 4 | 8 |
            | – managers, receptionists, groomers | 1, 1, 2 | 1, 1, 2 | 1, 2, 5 |
            | services | 10 | 10 | 10 |
            | clients | 100 | 100 | 500 |
            | pets, from 1 to 4 for each client | 176 | 176 | 880 |
            | invoices | 1000 | 1000 | 4000 |
            | visit logs | 1000 | 1000 | 4000 |
            """);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void A_scale_out_of_bounds_is_refused(int scale) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new PetGroomingData(DemoProfile.Dev, scale, null));

    [Fact]
    public void Is_described_by_its_profile_and_scale()
    {
        new PetGroomingData(DemoProfile.Dev, 1, null).Description.ShouldBe("pet grooming, profile dev");
        new PetGroomingData(DemoProfile.Demo, 100, null).Description.ShouldBe("pet grooming, profile demo × 100");
    }

    private static async Task<string> CountsAsync(GroomingDatabase database) => string.Join(' ', await database.ReadAsync("""
        SELECT count(*) FROM staff UNION ALL SELECT count(*) FROM services UNION ALL SELECT count(*) FROM clients
        UNION ALL SELECT count(*) FROM pets UNION ALL SELECT count(*) FROM invoices UNION ALL SELECT count(*) FROM visit_logs
        """));

    private static async Task<string> RolesAsync(GroomingDatabase database) =>
        string.Join(' ', await database.ReadAsync("SELECT count(*) FROM staff GROUP BY role ORDER BY role"));
}
