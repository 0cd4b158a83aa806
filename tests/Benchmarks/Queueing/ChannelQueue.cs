using System.Threading.Channels;
using Slipway.Crds.Meta;

namespace Slipway.Benchmarks.Queueing;

/// <summary>
/// What one writes by hand: a channel, and a set so that no key waits twice. It promises less than a work queue: two workers
/// may have the same key at once; there are no priorities, no delays, no metrics.
/// </summary>
internal sealed class ChannelQueue
{
    private readonly Channel<NamespacedName> _keys = Channel.CreateUnbounded<NamespacedName>();
    private readonly HashSet<NamespacedName> _waiting = [];
    private readonly Lock _gate = new();

    public void Add(NamespacedName key)
    {
        lock (_gate)
        {
            if (!_waiting.Add(key))
            {
                return;
            }
        }

        _keys.Writer.TryWrite(key);
    }

    /// <summary>Null: completed, and empty.</summary>
    public async ValueTask<NamespacedName?> TakeAsync(CancellationToken cancellationToken)
    {
        NamespacedName key;
        while (!_keys.Reader.TryRead(out key))
        {
            if (!await _keys.Reader.WaitToReadAsync(cancellationToken))
            {
                return null;
            }
        }

        lock (_gate)
        {
            _waiting.Remove(key);
        }

        return key;
    }

    public void Complete() => _keys.Writer.Complete();
}
