using Shouldly;
using Slipway.DemoData.PetGrooming;
using Slipway.DemoData.PetGrooming.Visits;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

/// <summary>Alone in the process while they run, because they look at all of its memory.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryTests
{
    public const string Name = "Memory of the data set";

    private const int Megabyte = 1 << 20;

    [Fact]
    public void Reading_the_visits_allocates_nothing_for_each()
    {
        var (few, many) = (AllocatedFor(scale: 1), AllocatedFor(scale: 50));

        (many - few).ShouldBeLessThan(1024);
    }

    /// <summary>Its 50 000 invoices, 110 000 line items and 60 000 tip splits would be tens of megabytes.</summary>
    [Fact]
    public async Task What_is_alive_while_it_fills_does_not_grow_with_the_rows()
    {
        await using var database = await GroomingDatabase.FilledAsync(DemoProfile.Dev);
        await database.RunAsync("TRUNCATE staff, services, clients, pets, invoices, invoice_line_items, tip_splits, visit_logs");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var filling = Task.Run(() => database.FillAsync(new PetGroomingData(DemoProfile.Dev, 50, null)));
        var greatest = before;
        while (!filling.IsCompleted)
        {
            greatest = Math.Max(greatest, GC.GetTotalMemory(forceFullCollection: true));
            await Task.WhenAny(filling, Task.Delay(50));
        }

        (await filling).Single(part => part.Name == "invoices").Rows.ShouldBe(50_000);
        (greatest - before).ShouldBeLessThan(4 * Megabyte);
        (await database.ReadAsync("SELECT count(*) FROM visit_logs")).ShouldBe(["50000"]);
    }

    /// <summary>Bytes, on this thread, for reading all visits once.</summary>
    private static long AllocatedFor(int scale)
    {
        var size = BusinessSize.Of(DemoProfile.Dev, scale);
        var households = new Households(size.Clients, size.Pets);
        var dice = new Mulberry32(42);
        for (var client = 0; client < size.Clients; client++)
        {
            households.Draw(client, dice);
        }

        var book = new VisitBook(size, households, dice.State);
        // Once before it counts: the first time, constants are made.
        book.Read().Take(1000).Count().ShouldBe(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var last = 0;
        foreach (var visit in book.Read())
        {
            last = visit.Id;
        }

        last.ShouldBe(1000 * scale);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
