namespace Slipway.DemoData.PetGrooming;

/// <summary>When a visit takes place.</summary>
/// <param name="Day">Working day, from 0 on.</param>
/// <param name="Start">Nothing of the visit is earlier.</param>
/// <param name="Place">Which of the visits of this slot it is, from 0 on.</param>
/// <param name="Visits">How many there are in this slot.</param>
internal readonly record struct Slot(int Day, DateTime Start, int Place, int Visits);
