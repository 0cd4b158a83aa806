using System.Security.Cryptography;
using Shouldly;
using Slipway.DemoData.PetGrooming;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

[Collection(ReadingProfiles.Name)]
public sealed class LoginTests(FilledProfiles profiles)
{
    private static readonly (string Email, string Password)[] Documented =
    [
        ("manager1@uat.example", "grooming-manager1"),
        ("receptionist1@uat.example", "grooming-receptionist1"),
        ("groomer1@uat.example", "grooming-groomer1"),
        ("groomer2@uat.example", "grooming-groomer2"),
    ];

    [Fact]
    public async Task The_passwords_of_uat_are_those_that_the_page_tells()
    {
        var staff = (await profiles.Of(DemoProfile.Uat).ReadAsync("SELECT email, password_hash FROM staff ORDER BY id"))
            .Select(row => row.Split('|')).ToList();

        staff.Select(row => row[0]).ShouldBe(Documented.Select(login => login.Email));
        staff.Select(row => row[1]).Zip(Documented).ShouldAllBe(login => Verifies(login.Second.Password, login.First));
        Verifies("grooming-manager2", staff[0][1]).ShouldBeFalse();
        staff.Select(row => row[1].Split('$')[3]).ShouldBeUnique();

        var page = await File.ReadAllTextAsync(Repository.PathOf("docs/pet-grooming.md"));
        foreach (var (email, password) in Documented)
        {
            page.ShouldContain($"| `{email}` | `{password}` |");
        }
    }

    [Fact]
    public async Task The_admin_logs_in_with_the_same_password()
    {
        await using var database = await GroomingDatabase.FilledAsync(DemoProfile.Uat, adminEmail: "owner@shop.example");
        var hash = (await database.ReadAsync("SELECT password_hash FROM staff WHERE email = 'owner@shop.example'")).Single();

        Verifies("grooming-manager1", hash).ShouldBeTrue();
    }

    [Theory]
    [InlineData(DemoProfile.Dev)]
    [InlineData(DemoProfile.Demo)]
    public async Task Nobody_can_log_in_elsewhere(DemoProfile profile) =>
        (await profiles.Of(profile).ReadAsync("SELECT count(*) FROM staff WHERE password_hash IS NOT NULL")).ShouldBe(["0"]);

    /// <summary>As an application does it that knows only the form.</summary>
    private static bool Verifies(string password, string hash)
    {
        var parts = hash.Split('$');
        (parts.Length, parts[0], parts[1], parts[2]).ShouldBe((5, "", "pbkdf2-sha256", "i=10000"));
        var expected = Decode(parts[4]);
        return Rfc2898DeriveBytes.Pbkdf2(password, Decode(parts[3]), 10_000, HashAlgorithmName.SHA256, expected.Length)
            .AsSpan().SequenceEqual(expected);
    }

    private static byte[] Decode(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
}
