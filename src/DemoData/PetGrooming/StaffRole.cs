namespace Slipway.DemoData.PetGrooming;

internal enum StaffRole
{
    Manager,
    Receptionist,
    Groomer,
}
