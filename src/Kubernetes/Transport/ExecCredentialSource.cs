namespace Slipway.Kubernetes.Transport;

/// <summary>
/// Credentials of a plugin. It runs once for all who wait, again when they are about to expire or the server refused
/// them, and never twice at the same time. Who stops waiting does not stop it for the others.
/// </summary>
internal sealed class ExecCredentialSource(IExecRunner runner, TimeProvider time) : CredentialSource
{
    /// <summary>Renewed that long before the end, so that no request starts with a credential that ends on its way.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Credential? _current;
    private Task<Credential>? _running;

    public override async ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        Task<Credential> running;
        lock (_lock)
        {
            if (_current is { } current && !IsExpiring(current))
            {
                return current;
            }

            running = _running ??= Task.Run(RunAsync, CancellationToken.None);
        }

        return await running.WaitAsync(cancellationToken);
    }

    public override bool Reject(Credential credential)
    {
        lock (_lock)
        {
            if (ReferenceEquals(credential, _current))
            {
                _current = null;
            }

            return true;
        }
    }

    private bool IsExpiring(Credential credential) => credential.Expires is { } end && end - time.GetUtcNow() <= Leeway;

    private async Task<Credential> RunAsync()
    {
        try
        {
            var fresh = await runner.RunAsync(CancellationToken.None);
            lock (_lock)
            {
                _current = fresh;
                return fresh;
            }
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }
        }
    }
}

/// <summary>Runs a credential plugin once.</summary>
internal interface IExecRunner
{
    Task<Credential> RunAsync(CancellationToken cancellationToken);
}
