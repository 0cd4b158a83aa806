namespace Slipway.Testing.FakeApi;

/// <summary>One way for a request to go wrong.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>The server refuses, and does nothing.</summary>
    public sealed record Refuse(int Code, string Reason, int? RetryAfterSeconds = null) : Fault;

    /// <summary>The connection breaks before anything is done.</summary>
    public sealed record DropRequest : Fault;

    /// <summary>Everything is done, and the connection breaks before the answer.</summary>
    public sealed record DropAnswer : Fault;

    /// <summary>The request waits for a task before it is carried out.</summary>
    public sealed record HoldUntil(Task Task) : Fault;

    /// <summary>The request waits, by the server's clock, before it is carried out.</summary>
    public sealed record Delay(TimeSpan By) : Fault;

    /// <summary>The answer is no JSON.</summary>
    public sealed record Babble(int Code, string Body) : Fault;
}
