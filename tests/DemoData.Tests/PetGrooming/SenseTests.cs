using System.Globalization;
using Shouldly;
using Slipway.DemoData.PetGrooming;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

[Collection(ReadingProfiles.Name)]
public sealed class SenseTests(FilledProfiles profiles)
{
    [Theory]
    [InlineData(DemoProfile.Dev)]
    [InlineData(DemoProfile.Uat)]
    [InlineData(DemoProfile.Demo)]
    public async Task Everything_fits_together(DemoProfile profile) => (await Sense.ViolationsAsync(profiles.Of(profile))).ShouldBeEmpty();

    [Theory]
    [InlineData("UPDATE invoice_line_items SET quantity = 5, amount_cents = 5 * unit_price_cents WHERE id = 7", "line items add up")]
    [InlineData("UPDATE tip_splits SET amount_cents = amount_cents + 1 WHERE id = 7", "tip splits add up")]
    [InlineData("UPDATE tip_splits SET staff_id = 1 WHERE id = 7", "tips go to those who worked")]
    [InlineData("UPDATE visit_logs SET groomer_id = 2 WHERE id = 7", "groomers groom")]
    [InlineData("UPDATE visit_logs SET pet_id = pet_id % 176 + 5 WHERE id = 7", "the pet of a visit belongs")]
    public async Task A_single_wrong_row_would_be_noticed(string wrong, string rule)
    {
        await using var database = await GroomingDatabase.FilledAsync(DemoProfile.Dev);
        await database.RunAsync(wrong);

        (await Sense.ViolationsAsync(database)).ShouldContain(violation => violation.StartsWith($"not so: {rule}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("status", "paid 80-95, sent 3-10, void 1-6, draft 0-5")]
    [InlineData("payment_method", "card 45-70, cash 8-25, bank_transfer 3-20, gift_card 1-10")]
    public async Task Invoices_are_in_sensible_shares(string column, string shares) =>
        await ShouldHaveSharesAsync("invoices", column, shares);

    [Theory]
    [InlineData("species", "dog 60-85, cat 10-30, rabbit 1-10")]
    [InlineData("size", "small 25-65, medium 15-45, large 8-30, giant 2-15")]
    [InlineData("temperament", "calm 30-50, playful 20-40, nervous 8-24, stubborn 4-18, aggressive 1-8")]
    public async Task Pets_are_in_sensible_shares(string column, string shares) => await ShouldHaveSharesAsync("pets", column, shares);

    [Fact]
    public async Task Visits_are_in_sensible_shares() =>
        await ShouldHaveSharesAsync("visit_logs", "outcome", "completed 88-98, shortened 2-10, stopped 0-4");

    [Fact]
    public async Task Weights_are_possible_for_the_size() =>
        (await profiles.Of(DemoProfile.Demo).ReadAsync("""
            SELECT id FROM pets WHERE weight_grams NOT BETWEEN 600 AND 80000 OR (size = 'small' AND weight_grams > 9000)
                OR (size = 'giant' AND weight_grams < 20000) OR weight_grams % 10 <> 0
            """)).ShouldBeEmpty();

    private async Task ShouldHaveSharesAsync(string table, string column, string shares)
    {
        var found = (await profiles.Of(DemoProfile.Demo).ReadAsync(
            $"SELECT coalesce({column}::text, 'none'), 100 * count(*) / sum(count(*)) OVER () FROM {table} GROUP BY 1"))
            .Select(row => row.Split('|')).ToDictionary(row => row[0], row => Number(row[1]));
        foreach (var share in shares.Split(", ").Select(share => share.Split(' ', '-')))
        {
            found.ShouldContainKey(share[0]);
            found[share[0]].ShouldBeInRange(Number(share[1]), Number(share[2]), share[0]);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
