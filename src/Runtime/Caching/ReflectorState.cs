namespace Slipway.Runtime.Caching;

/// <summary>What a reflector knows of the API server's history, hence what it does next.</summary>
public enum ReflectorState
{
    /// <summary>Nothing. It has the state streamed, or lists whatever the server has cached (resource version 0).</summary>
    Empty,

    /// <summary>A version the server has forgotten (410) or does not know yet. It has the latest state streamed, or lists it.</summary>
    Expired,

    /// <summary>Everything up to a version. It watches from there on; failures of the watch do not leave this state.</summary>
    Watching,
}
