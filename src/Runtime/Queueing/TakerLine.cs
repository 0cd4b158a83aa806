namespace Slipway.Runtime.Queueing;

/// <summary>
/// Those who wait for a key, first come first served. Being woken is permission to look again, not a key: whoever was woken
/// and does not look must wake the next. Everything but waiting is done under the queue's lock.
/// </summary>
internal sealed class TakerLine(Lock gate)
{
    private readonly LinkedList<TaskCompletionSource> _turns = [];

    public LinkedListNode<TaskCompletionSource> Enter() =>
        _turns.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void WakeOne()
    {
        if (_turns.First is { } first)
        {
            _turns.RemoveFirst();
            first.Value.TrySetResult();
        }
    }

    public void WakeAll()
    {
        while (_turns.Count > 0)
        {
            WakeOne();
        }
    }

    /// <summary>Returns when it is this one's turn, or when it gives up; without the lock.</summary>
    public async ValueTask WaitAsync(LinkedListNode<TaskCompletionSource> turn, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(_ => Leave(turn), null);
        await turn.Value.Task;
    }

    private void Leave(LinkedListNode<TaskCompletionSource> turn)
    {
        lock (gate)
        {
            if (turn.List is not null)
            {
                _turns.Remove(turn);
                turn.Value.TrySetResult();
            }
        }
    }
}
