namespace Slipway.Ledger.Env;

/// <summary>A patch that asks to be merged.</summary>
public sealed record EnvPatchRequest
{
    /// <summary>The UID of the EnvPatch object: one outcome per UID, ever.</summary>
    public required Guid Uid { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The stack it is for, bound at first sight.</summary>
    public required Guid StackUid { get; init; }

    /// <summary>Everything that the object asks for, always in the same form: an object that says the same again has the same outcome.</summary>
    public required string Spec { get; init; }

    /// <summary>The value of the rerun annotation, empty if there is none.</summary>
    public required string RerunToken { get; init; }

    public required EnvChange Change { get; init; }

    /// <summary>Whether a release is to follow.</summary>
    public required bool Release { get; init; }

    /// <summary>The highest revision that any object in the cluster shows: a ledger that does not know it was restored from an older backup.</summary>
    public long? Seen { get; init; }

    /// <summary>Says nothing of its values, wherever it is printed.</summary>
    public override string ToString() => $"{Namespace}/{Name}: {Change}";
}
