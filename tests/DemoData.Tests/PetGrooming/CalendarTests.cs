using Shouldly;
using Slipway.DemoData.PetGrooming;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

public sealed class CalendarTests
{
    public static TheoryData<DemoProfile, int> Sizes()
    {
        var sizes = new TheoryData<DemoProfile, int>();
        foreach (var profile in Enum.GetValues<DemoProfile>())
        {
            foreach (var scale in (int[])[1, 2, 3, 7, 10, 99, PetGroomingData.GreatestScale])
            {
                sizes.Add(profile, scale);
            }
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void No_slot_has_more_visits_than_there_are_groomers_or_than_were_counted(DemoProfile profile, int scale)
    {
        var size = BusinessSize.Of(profile, scale);
        var calendar = new Calendar(size.Visits);
        var before = calendar.SlotOf(0);
        before.Place.ShouldBe(0);
        for (var visit = 1; visit < size.Visits; visit++)
        {
            var slot = calendar.SlotOf(visit);
            if (slot.Visits > size.Groomers || slot.Place >= slot.Visits || !IsNext(before, slot))
            {
                throw new ShouldAssertException($"visit {visit}: {before}, {slot}");
            }

            before = slot;
        }

        (before.Day, before.Place).ShouldBe((259, before.Visits - 1));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Exactly_the_wanted_number_of_pets_is_shared_out(DemoProfile profile, int scale)
    {
        var size = BusinessSize.Of(profile, scale);
        var households = new Households(size.Clients, size.Pets);
        var dice = new Mulberry32(42);
        var pets = 0;
        for (var client = 0; client < size.Clients; client++)
        {
            households.Draw(client, dice);
            (households.FirstPetOf(client), households.CountOf(client) is >= 1 and <= 4).ShouldBe((pets, true));
            pets += households.CountOf(client);
        }

        pets.ShouldBe(size.Pets);
    }

    /// <summary>Either the next place of the same slot, or the first of a later one after all places of the one before.</summary>
    private static bool IsNext(Slot before, Slot slot) => slot.Place > 0
        ? slot == before with { Place = before.Place + 1 }
        : slot.Start > before.Start && before.Place == before.Visits - 1;
}
