namespace Slipway.Runtime.Caching;

/// <summary>An informer of any kind, as the manager runs it.</summary>
internal interface IInformer
{
    bool HasSynced { get; }

    Task RunAsync(CancellationToken cancellationToken);

    Task WaitForSyncAsync(CancellationToken cancellationToken);
}
