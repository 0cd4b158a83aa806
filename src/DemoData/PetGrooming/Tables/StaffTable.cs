using Slipway.DemoData.PetGrooming.Words;

namespace Slipway.DemoData.PetGrooming.Tables;

internal sealed class StaffTable(BusinessSize size, Mulberry32 dice, bool withLogins, string? adminEmail)
    : GroomingTable(TableNames.Staff, "id, role, first_name, last_name, email, phone, active, hired_on, created_at, password_hash")
{
    /// <summary>The manager that an admin e-mail goes to.</summary>
    private const int AdminId = 1;

    public override async Task WriteAsync(RowWriter row)
    {
        for (var id = 1; id <= size.Staff; id++)
        {
            await WriteAsync(row, id);
        }
    }

    private async Task WriteAsync(RowWriter row, int id)
    {
        var role = Labels.Of(size.RoleOf(id));
        var login = FormattableString.Invariant($"{role}{size.NumberInRole(id)}");
        var hired = Calendar.Anchor.AddDays(-dice.Between(30, 6 * 365));
        var (first, last) = (dice.Pick(PersonNames.First), dice.Pick(PersonNames.Last));
        await row.StartAsync();
        await row.IdAsync(id);
        await row.TextAsync(role);
        await row.TextAsync(first);
        await row.TextAsync(last);
        await row.TextAsync(Email(id, withLogins ? $"{login}@uat.example" : Numbered(first, last, id)));
        await row.TextAsync(Addresses.Phone(dice));
        await row.FlagAsync(true);
        await row.DateAsync(hired);
        await row.TimeAsync(hired.ToDateTime(new TimeOnly(9, 0), DateTimeKind.Utc));
        await row.TextAsync(PasswordHash(login));
    }

    private string Email(int id, string own)
    {
        if (adminEmail is null)
        {
            return own;
        }

        if (id == AdminId)
        {
            return adminEmail;
        }

        return !string.Equals(own, adminEmail, StringComparison.OrdinalIgnoreCase) ? own : throw new DemoDataException(
            DemoDataFault.BrokenDataSet,
            $"The admin e-mail {adminEmail} is that of another member of staff, number {id}: choose another one.");
    }

    private static string Numbered(string first, string last, int id) =>
        FormattableString.Invariant($"{first}.{last}{id}@paws.example").ToLowerInvariant();

    /// <summary>The salt is drawn in any case: that there are logins changes nothing else.</summary>
    private string? PasswordHash(string login)
    {
        Span<byte> salt = stackalloc byte[StaffPassword.SaltBytes];
        foreach (ref var part in salt)
        {
            part = (byte)dice.Next(256);
        }

        return withLogins ? StaffPassword.Hash(StaffPassword.Of(login), salt) : null;
    }
}
