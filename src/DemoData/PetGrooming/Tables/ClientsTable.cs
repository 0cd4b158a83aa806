using Slipway.DemoData.PetGrooming.Words;

namespace Slipway.DemoData.PetGrooming.Tables;

/// <summary>Draws also how many pets each client has.</summary>
internal sealed class ClientsTable(BusinessSize size, Mulberry32 dice, Households households) : GroomingTable(
    TableNames.Clients, "id, created_at, newsletter, first_name, last_name, email, phone, street, postal_code, city, notes")
{
    public override async Task WriteAsync(RowWriter row)
    {
        for (var id = 1; id <= size.Clients; id++)
        {
            households.Draw(id - 1, dice);
            await WriteAsync(row, id);
        }
    }

    private async Task WriteAsync(RowWriter row, int id)
    {
        var since = Calendar.Anchor.AddDays(-dice.Between(1, 3 * 365));
        var (first, last) = (dice.Pick(PersonNames.First), dice.Pick(PersonNames.Last));
        await row.StartAsync();
        await row.IdAsync(id);
        await row.TimeAsync(since.ToDateTime(new TimeOnly(dice.Between(9, 17), dice.Next(60)), DateTimeKind.Utc));
        await row.FlagAsync(dice.Chance(60));
        await row.TextAsync(first);
        await row.TextAsync(last);
        await row.TextAsync(FormattableString.Invariant($"{first}.{last}{id}@{Addresses.MailHost(dice)}").ToLowerInvariant());
        await row.TextAsync(Addresses.Phone(dice));
        await row.TextAsync(Addresses.Street(dice));
        var (city, postalCode) = Addresses.City(dice);
        await row.TextAsync(postalCode);
        await row.TextAsync(city);
        await row.TextAsync(dice.Chance(20) ? dice.Pick(Sentences.OfClients) : null);
    }
}
