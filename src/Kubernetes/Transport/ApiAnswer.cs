namespace Slipway.Kubernetes.Transport;

/// <summary>A complete answer.</summary>
/// <param name="Code">HTTP status code.</param>
/// <param name="Body">The bytes of the body.</param>
/// <param name="RetryAfter">What the server asks to wait, by its header.</param>
internal sealed record ApiAnswer(int Code, byte[] Body, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Code is >= 200 and < 300;
}
