namespace Slipway.Testing.FakeApi;

/// <summary>What a server makes of a watch that asks for initial events.</summary>
public enum WatchListSupport
{
    /// <summary>Synthetic events and a bookmark at their end (1.32 and newer, or the feature switched on).</summary>
    Supported,

    /// <summary>Refused: the server knows it and has it switched off (1.27 to 1.31 by default, and many aggregated servers).</summary>
    Forbidden,

    /// <summary>Refused: the server is older than the feature, but checks the parameter that comes with it (1.19 to 1.26).</summary>
    Unknown,

    /// <summary>Synthetic events as for any watch without a version, and no bookmark at their end.</summary>
    Ignored,
}
