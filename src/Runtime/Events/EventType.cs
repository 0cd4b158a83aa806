namespace Slipway.Runtime.Events;

/// <summary>How worried a reader should be.</summary>
public enum EventType
{
    Normal,
    Warning,
}
