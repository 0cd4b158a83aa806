namespace Slipway.DemoData.PetGrooming.Visits;

internal readonly record struct TipSplit(int StaffId, int AmountCents);
