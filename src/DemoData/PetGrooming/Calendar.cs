namespace Slipway.DemoData.PetGrooming;

/// <summary>
/// Spreads the visits evenly over the working days (Monday to Friday) of 52 weeks, and those of a day over four slots. Times are the
/// shop's, which is UTC. With the sizes of the profiles no slot has more visits than there are groomers.
/// </summary>
internal sealed class Calendar(int visits)
{
    /// <summary>The Monday on which the year of visits begins. People and pets are older, no visit is.</summary>
    public static readonly DateOnly Anchor = new(2025, 1, 6);

    /// <summary>The longest time from the beginning of a slot until its visit is done. The shop is open from 9 to 18.</summary>
    public static readonly TimeSpan SlotLength = TimeSpan.FromMinutes(135);

    private const int WorkingDays = 52 * 5;
    private const int SlotsOfDay = 4;
    private const int OpensAtHour = 9;

    /// <param name="visit">From 0 on.</param>
    public Slot SlotOf(int visit)
    {
        var day = (int)((long)visit * WorkingDays / visits);
        var first = FirstOf(day, visits, WorkingDays);
        var ofDay = FirstOf(day + 1, visits, WorkingDays) - first;
        var slot = (int)((long)(visit - first) * SlotsOfDay / ofDay);
        var firstOfSlot = FirstOf(slot, ofDay, SlotsOfDay);
        return new Slot(day, StartOf(day, slot), visit - first - firstOfSlot, FirstOf(slot + 1, ofDay, SlotsOfDay) - firstOfSlot);
    }

    /// <summary>The first number that falls into a part, if so many are spread over so many parts.</summary>
    private static int FirstOf(int part, int count, int parts) => (int)((((long)part * count) + parts - 1) / parts);

    private static DateTime StartOf(int day, int slot) =>
        Anchor.AddDays((day / 5 * 7) + (day % 5)).ToDateTime(new TimeOnly(OpensAtHour, 0), DateTimeKind.Utc) + (slot * SlotLength);
}
