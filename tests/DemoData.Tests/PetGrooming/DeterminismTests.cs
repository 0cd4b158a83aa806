using Shouldly;
using Slipway.DemoData.PetGrooming;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

[Collection(ReadingProfiles.Name)]
public sealed class DeterminismTests(FilledProfiles profiles)
{
    private const string OfDev = "08c7a1c4289f0061295a1def0294460bf87f804eb1924e2f1ccdb4da032964d2";
    private const string OfUat = "1002a01f1b0443410a9bd91bf6b5eb6bc17185020cb368cf0d75f0b8110924f7";
    private const string OfDemo = "69b3c36ad142e023b858953ecc1b04379264257c4c7fb0e71f960687651b12a3";

    [Theory]
    [InlineData(DemoProfile.Dev, OfDev)]
    [InlineData(DemoProfile.Uat, OfUat)]
    [InlineData(DemoProfile.Demo, OfDemo)]
    public async Task The_rows_are_the_same_on_every_machine(DemoProfile profile, string expected)
    {
        var found = await profiles.Of(profile).FingerprintAsync();

        found.ShouldBe(expected,
            $"The rows of profile {profile} are not what they were. If the data set or its migrations were changed on purpose, "
                + $"write {found} into Of{profile} of this file.");
    }

    [Theory]
    [InlineData(DemoProfile.Dev)]
    [InlineData(DemoProfile.Uat)]
    [InlineData(DemoProfile.Demo)]
    public async Task Two_databases_are_filled_alike(DemoProfile profile)
    {
        await using var other = await GroomingDatabase.FilledAsync(profile);

        Difference(await other.DumpAsync(), await profiles.Of(profile).DumpAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task The_same_object_fills_twice_alike()
    {
        var data = new PetGroomingData(DemoProfile.Dev, 1, null);
        await using var one = await GroomingDatabase.CreateAsync();
        await using var other = await GroomingDatabase.CreateAsync();
        await one.FillAsync(data);
        await other.FillAsync(data);

        (await other.FingerprintAsync()).ShouldBe(await one.FingerprintAsync());
    }

    [Theory]
    [InlineData(DemoProfile.Dev)]
    [InlineData(DemoProfile.Uat)]
    public async Task An_admin_email_changes_that_and_no_other_byte(DemoProfile profile)
    {
        await using var database = await GroomingDatabase.FilledAsync(profile, adminEmail: "owner@shop.example");
        (await database.ReadAsync("SELECT email, role::text FROM staff WHERE id = 1")).ShouldBe(["owner@shop.example|manager"]);

        var plain = profiles.Of(profile);
        var own = (await plain.ReadAsync("SELECT email FROM staff WHERE id = 1")).Single();
        var expected = (await plain.DumpAsync()).Replace($"\t{own}\t", "\towner@shop.example\t", StringComparison.Ordinal);
        Difference(await database.DumpAsync(), expected).ShouldBeNull();
    }

    [Fact]
    public async Task Uat_is_dev_with_logins()
    {
        foreach (var table in new PetGroomingData(DemoProfile.Uat, 1, null).Tables.Where(table => table != "staff"))
        {
            var (uat, dev) = (await profiles.Of(DemoProfile.Uat).DumpAsync(table), await profiles.Of(DemoProfile.Dev).DumpAsync(table));
            Difference(uat, dev).ShouldBeNull(table);
        }
    }

    /// <summary>The first line that is not the same, rather than two megabytes; null when all are.</summary>
    private static string? Difference(string one, string other) =>
        one == other ? null : one.Split('\n').Zip(other.Split('\n')).Where(line => line.First != line.Second)
            .Select(line => $"{line.First}\n{line.Second}").FirstOrDefault("One has more lines.");
}
