namespace Slipway.DemoData.PetGrooming;

/// <summary>How enums are called in the database.</summary>
internal static class Labels
{
    public static string Of(StaffRole role) => role switch
    {
        StaffRole.Manager => "manager",
        StaffRole.Receptionist => "receptionist",
        StaffRole.Groomer => "groomer",
    };

    public static string Of(Species species) => species switch
    {
        Species.Dog => "dog",
        Species.Cat => "cat",
        Species.Rabbit => "rabbit",
    };

    public static string Of(PetSize size) => size switch
    {
        PetSize.Small => "small",
        PetSize.Medium => "medium",
        PetSize.Large => "large",
        PetSize.Giant => "giant",
    };

    public static string Of(ServiceCategory category) => category switch
    {
        ServiceCategory.Bath => "bath",
        ServiceCategory.Groom => "groom",
        ServiceCategory.AddOn => "add_on",
    };
}
