namespace Slipway.Kubernetes.Transport;

/// <summary>A pool of connections that can be replaced as a whole; requests under way finish on the old ones.</summary>
internal sealed class Connections(Func<HttpMessageHandler> create) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<HttpMessageInvoker> _retired = [];
    private HttpMessageInvoker _current = new(create());

    public HttpMessageInvoker Current => Volatile.Read(ref _current);

    /// <summary>Replaces the pool, unless somebody has replaced that one already.</summary>
    public void Renew(HttpMessageInvoker former)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(former, _current))
            {
                return;
            }

            _retired.Add(_current);
            Volatile.Write(ref _current, new HttpMessageInvoker(create()));
            TrimRetired();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _retired.ForEach(invoker => invoker.Dispose());
            _current.Dispose();
        }
    }

    /// <summary>A request may have taken the last pool just before it was replaced; older ones are in nobody's hands.</summary>
    private void TrimRetired()
    {
        while (_retired.Count > 1)
        {
            _retired[0].Dispose();
            _retired.RemoveAt(0);
        }
    }
}
