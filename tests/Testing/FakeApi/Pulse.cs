namespace Slipway.Testing.FakeApi;

/// <summary>Tells everybody who listens now, and nobody who comes later.</summary>
internal sealed class Pulse
{
    private CancellationTokenSource _current = new();

    /// <summary>Cancelled by the next <see cref="Send"/>.</summary>
    public CancellationToken Next => Volatile.Read(ref _current).Token;

    public void Send() => Interlocked.Exchange(ref _current, new CancellationTokenSource()).Cancel();
}
