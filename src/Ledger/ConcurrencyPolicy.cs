namespace Slipway.Ledger;

/// <summary>What becomes of a release of a stack while another one is in flight.</summary>
public enum ConcurrencyPolicy
{
    /// <summary>It waits for its turn.</summary>
    Queue,

    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>It ends the other one.</summary>
    Supersede,

    /// <summary>All are admitted at once; activation is one at a time.</summary>
    Parallel,
}

internal static class ConcurrencyPolicies
{
    public static string ToSql(this ConcurrencyPolicy policy) => policy switch
    {
        ConcurrencyPolicy.Queue => "queue",
        ConcurrencyPolicy.Reject => "reject",
        ConcurrencyPolicy.Supersede => "supersede",
        ConcurrencyPolicy.Parallel => "parallel",
    };

    public static ConcurrencyPolicy FromSql(string policy) => policy switch
    {
        "queue" => ConcurrencyPolicy.Queue,
        "reject" => ConcurrencyPolicy.Reject,
        "supersede" => ConcurrencyPolicy.Supersede,
        "parallel" => ConcurrencyPolicy.Parallel,
        _ => throw new InvalidDataException($"The ledger holds the policy '{policy}', which this version does not know: upgrade slipway."),
    };
}
