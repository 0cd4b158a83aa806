using Slipway.DemoData.PetGrooming.Words;

namespace Slipway.DemoData.PetGrooming.Visits;

/// <summary>
/// All visits, in the order of time. They are not kept but made anew from the same stretch of the stream as often as they are read: for the
/// invoices, their line items, their tips and the visit logs, each of which goes to the database by itself.
/// </summary>
/// <param name="state">Where in the stream they begin.</param>
internal sealed class VisitBook(BusinessSize size, Households households, uint state)
{
    /// <summary>Puppies are introduced in the first half of the year only.</summary>
    private const int LastDayOfPuppies = 130;

    /// <summary>A visit ends within its slot, however much is to be done.</summary>
    private const int LongestMinutes = 115;

    private readonly Calendar _calendar = new(size.Visits);

    /// <summary>From the first to the last, in the same object each time.</summary>
    public IEnumerable<Visit> Read()
    {
        var dice = new Mulberry32(state);
        var visit = new Visit();
        var turn = 0;
        for (var index = 0; index < size.Visits; index++)
        {
            var slot = _calendar.SlotOf(index);
            if (slot.Place == 0)
            {
                turn = dice.Next(size.Groomers);
            }

            visit.Clear();
            visit.Id = index + 1;
            // No groomer is in two visits at once.
            visit.GroomerId = size.FirstGroomer + ((turn + slot.Place) % size.Groomers);
            Draw(visit, slot, dice);
            yield return visit;
        }
    }

    private void Draw(Visit visit, Slot slot, Mulberry32 dice)
    {
        var kind = households.KindOf(DrawPet(visit, slot, dice));
        visit.ReceptionistId = size.FirstReceptionist + dice.Next(size.Receptionists);
        DrawLines(visit, kind, slot.Day, dice);
        DrawTimes(visit, kind.Size, slot, dice);
        DrawNotes(visit, dice);
        DrawBill(visit, dice);
    }

    /// <summary>Each visit of a slot takes from a part of the clients of its own, so that nobody is here twice at once.</summary>
    private int DrawPet(Visit visit, Slot slot, Mulberry32 dice)
    {
        var first = FirstClient(slot.Place);
        var client = first + dice.Next(FirstClient(slot.Place + 1) - first);
        var pet = households.FirstPetOf(client) + dice.Next(households.CountOf(client));
        visit.ClientId = client + 1;
        visit.PetId = pet + 1;
        return pet;

        int FirstClient(int place) => (int)((long)households.Clients * place / slot.Visits);
    }

    private void DrawLines(Visit visit, PetKind kind, int day, Mulberry32 dice)
    {
        var count = LineCount(dice.Next(100));
        Add(visit, DrawMain(kind, day, dice), kind, visit.GroomerId, dice);

        var addOns = ServiceList.AddOnsOf(kind.Species);
        Span<int> left = stackalloc int[addOns.Length];
        addOns.CopyTo(left);
        for (var taken = 0; taken < count - 1; taken++)
        {
            var choice = taken + dice.Next(left.Length - taken);
            (left[taken], left[choice]) = (left[choice], left[taken]);
            Add(visit, left[taken], kind, DrawWorker(visit, dice), dice);
        }
    }

    private static int LineCount(int share) => share switch
    {
        < 30 => 1,
        < 65 => 2,
        < 88 => 3,
        _ => Visit.GreatestLines,
    };

    private static int DrawMain(PetKind kind, int day, Mulberry32 dice)
    {
        var share = dice.Next(100);
        return kind switch
        {
            { Species: Species.Dog, IsYoung: true } when day < LastDayOfPuppies && share < 60 => ServiceList.PuppyIntroduction,
            { Species: Species.Rabbit } => ServiceList.GroomOf(kind.Species),
            _ => share < 40 ? ServiceList.BathAndBrush : ServiceList.GroomOf(kind.Species),
        };
    }

    /// <summary>Mostly the groomer, sometimes a colleague who helps out.</summary>
    private int DrawWorker(Visit visit, Mulberry32 dice)
    {
        var colleague = 1 + dice.Next(size.Groomers - 1);
        return dice.Chance(30)
            ? size.FirstGroomer + ((visit.GroomerId - size.FirstGroomer + colleague) % size.Groomers)
            : visit.GroomerId;
    }

    private void Add(Visit visit, int offer, PetKind kind, int staffId, Mulberry32 dice)
    {
        var service = ServiceList.Offers[offer];
        var copy = dice.Next(size.Copies);
        var quantity = dice.Between(1, service.GreatestQuantity);
        visit.Add(new VisitLine(offer, (copy * ServiceList.Offers.Count) + offer + 1, staffId, quantity, service.PriceFor(kind.Size)));
    }

    private static void DrawTimes(Visit visit, PetSize size, Slot slot, Mulberry32 dice)
    {
        var minutes = 0;
        foreach (var line in visit.Lines)
        {
            minutes += ServiceList.Offers[line.Offer].Minutes * line.Quantity;
        }

        minutes += (int)size * 12;
        visit.ArrivedAt = slot.Start.AddMinutes(dice.Between(0, 6));
        visit.StartedAt = visit.ArrivedAt.AddMinutes(dice.Between(2, 8));
        visit.FinishedAt = visit.StartedAt.AddMinutes(Math.Min(minutes + dice.Between(-5, 10), LongestMinutes));
        visit.IssuedAt = visit.FinishedAt.AddMinutes(dice.Between(1, 5));
    }

    private static void DrawNotes(Visit visit, Mulberry32 dice)
    {
        (visit.Outcome, var sentences) = dice.Next(100) switch
        {
            < 94 => ("completed", Sentences.OfCompletedVisits),
            < 99 => ("shortened", Sentences.OfShortenedVisits),
            _ => ("stopped", Sentences.OfStoppedVisits),
        };
        visit.Notes = dice.Pick(sentences);
        var note = dice.Pick(Sentences.OfInvoices);
        visit.InvoiceNotes = dice.Chance(25) ? note : null;
    }

    private static void DrawBill(Visit visit, Mulberry32 dice)
    {
        var subtotal = 0;
        foreach (var line in visit.Lines)
        {
            subtotal += line.AmountCents;
        }

        visit.Bill = Bill.Draw(dice, subtotal);
        visit.Payment = Payment.Draw(dice, visit.IssuedAt);
        visit.SplitTip();
    }
}
