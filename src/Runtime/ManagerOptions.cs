using Slipway.Runtime.Caching;

namespace Slipway.Runtime;

/// <summary>What all caches and controllers of a process have in common.</summary>
public sealed record ManagerOptions
{
    /// <summary>How long reconciles may go on after the manager was told to stop; then they are cancelled.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How the caches list and watch.</summary>
    public ReflectorOptions Reflector { get; init; } = new();

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        if (DrainTimeout < TimeSpan.Zero)
        {
            throw new ArgumentException($"DrainTimeout is {DrainTimeout}: use zero or more.");
        }

        Reflector.Validate();
    }
}
