namespace Slipway.DemoData.PetGrooming;

/// <summary>How many there are of each. One visit makes one invoice and one visit log.</summary>
internal sealed record BusinessSize(int Managers, int Receptionists, int Groomers, int Copies, int Clients, int Pets, int Visits)
{
    public int Staff => Managers + Receptionists + Groomers;

    /// <summary>The list of services is offered once for each copy.</summary>
    public int Services => Copies * ServiceList.Offers.Count;

    /// <summary>Ids of staff: the managers come first, then the receptionists, then the groomers.</summary>
    public int FirstReceptionist => Managers + 1;

    public int FirstGroomer => Managers + Receptionists + 1;

    public static BusinessSize Of(DemoProfile profile, int scale) => profile switch
    {
        DemoProfile.Dev or DemoProfile.Uat => new(scale, scale, 2 * scale, scale, 100 * scale, 176 * scale, 1000 * scale),
        DemoProfile.Demo => new(scale, 2 * scale, 5 * scale, scale, 500 * scale, 880 * scale, 4000 * scale),
    };

    public StaffRole RoleOf(int staffId) =>
        staffId < FirstReceptionist ? StaffRole.Manager
        : staffId < FirstGroomer ? StaffRole.Receptionist
        : StaffRole.Groomer;

    /// <summary>Which of those with the same role it is, from 1 on.</summary>
    public int NumberInRole(int staffId) => RoleOf(staffId) switch
    {
        StaffRole.Manager => staffId,
        StaffRole.Receptionist => staffId - FirstReceptionist + 1,
        StaffRole.Groomer => staffId - FirstGroomer + 1,
    };
}
