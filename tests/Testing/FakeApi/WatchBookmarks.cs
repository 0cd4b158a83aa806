namespace Slipway.Testing.FakeApi;

/// <summary>How often bookmarks were asked for, and when they are next.</summary>
internal sealed class WatchBookmarks
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public Task Next => Volatile.Read(ref _next).Task;

    public void Send()
    {
        Interlocked.Increment(ref _count);
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
