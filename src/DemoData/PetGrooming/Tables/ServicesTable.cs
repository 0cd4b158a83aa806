namespace Slipway.DemoData.PetGrooming.Tables;

/// <summary>The price list, once for each copy; from the second on the names are numbered.</summary>
internal sealed class ServicesTable(BusinessSize size) : GroomingTable(
    TableNames.Services,
    "id, category, species, active, duration_minutes, price_small_cents, price_medium_cents, price_large_cents, price_giant_cents, "
        + "name, description")
{
    public override async Task WriteAsync(RowWriter row)
    {
        for (var copy = 1; copy <= size.Copies; copy++)
        {
            foreach (var offer in ServiceList.Offers)
            {
                await WriteAsync(row, offer, copy == 1 ? offer.Name : FormattableString.Invariant($"{offer.Name} {copy}"));
            }
        }
    }

    private static async Task WriteAsync(RowWriter row, ServiceOffer offer, string name)
    {
        await row.StartAsync();
        await row.IdAsync(row.Rows);
        await row.TextAsync(Labels.Of(offer.Category));
        await row.TextAsync(offer.For is { } species ? Labels.Of(species) : null);
        await row.FlagAsync(true);
        await row.NumberAsync(offer.Minutes);
        await row.NumberAsync(offer.PriceFor(PetSize.Small));
        await row.NumberAsync(offer.PriceFor(PetSize.Medium));
        await row.NumberAsync(offer.PriceFor(PetSize.Large));
        await row.NumberAsync(offer.PriceFor(PetSize.Giant));
        await row.TextAsync(name);
        await row.TextAsync(offer.Description);
    }
}
