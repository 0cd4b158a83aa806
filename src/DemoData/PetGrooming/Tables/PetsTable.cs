using Slipway.DemoData.PetGrooming.Words;

namespace Slipway.DemoData.PetGrooming.Tables;

/// <summary>As many for each client as were drawn with the clients. Remembers of each what its visits depend on.</summary>
internal sealed class PetsTable(BusinessSize size, Mulberry32 dice, Households households) : GroomingTable(
    TableNames.Pets, "id, client_id, born_on, weight_grams, species, size, sex, temperament, name, breed, notes")
{
    private const int DaysYoung = 182;

    public override async Task WriteAsync(RowWriter row)
    {
        for (var client = 0; client < size.Clients; client++)
        {
            for (var place = 0; place < households.CountOf(client); place++)
            {
                await WriteAsync(row, client, households.FirstPetOf(client) + place);
            }
        }
    }

    private async Task WriteAsync(RowWriter row, int client, int pet)
    {
        var species = SpeciesOf(dice.Next(100));
        var breed = dice.Pick(Breeds.Of(species));
        var days = dice.Chance(10) ? dice.Between(60, DaysYoung) : dice.Between(DaysYoung + 1, 14 * 365);
        var isYoung = days <= DaysYoung;
        // To ten grams, as the scales show it. The young are not full-grown.
        var weight = dice.Between(breed.Least, breed.Greatest) * (isYoung ? 60 : 100) / 100 / 10 * 10;
        households.Remember(pet, new PetKind(species, breed.Size, isYoung));
        await row.StartAsync();
        await row.IdAsync(pet + 1);
        await row.IdAsync(client + 1);
        await row.DateAsync(Calendar.Anchor.AddDays(-days));
        await row.NumberAsync(weight);
        await row.TextAsync(Labels.Of(species));
        await row.TextAsync(Labels.Of(breed.Size));
        await row.TextAsync(dice.Chance(50) ? "female" : "male");
        await row.TextAsync(Temperament(dice.Next(100)));
        await row.TextAsync(dice.Pick(PetNames.All));
        await row.TextAsync(breed.Name);
        await row.TextAsync(dice.Chance(25) ? dice.Pick(Sentences.OfPets) : null);
    }

    private static Species SpeciesOf(int share) => share switch
    {
        < 74 => Species.Dog,
        < 95 => Species.Cat,
        _ => Species.Rabbit,
    };

    private static string Temperament(int share) => share switch
    {
        < 40 => "calm",
        < 70 => "playful",
        < 86 => "nervous",
        < 97 => "stubborn",
        _ => "aggressive",
    };
}
