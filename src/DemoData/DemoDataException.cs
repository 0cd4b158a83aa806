namespace Slipway.DemoData;

/// <summary>A demo database was not made new, for a reason that its owner can do something about. The old data stand.</summary>
public sealed class DemoDataException(DemoDataFault fault, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public DemoDataFault Fault { get; } = fault;
}
