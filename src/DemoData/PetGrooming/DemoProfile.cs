namespace Slipway.DemoData.PetGrooming;

/// <summary>What the pet-grooming data are for.</summary>
public enum DemoProfile
{
    /// <summary>To develop with: small.</summary>
    Dev,

    /// <summary>To accept with: as small, and its staff can log in with documented passwords.</summary>
    Uat,

    /// <summary>To show to people: a business that fills its lists.</summary>
    Demo,
}
