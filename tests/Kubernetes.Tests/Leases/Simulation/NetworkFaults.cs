namespace Slipway.Kubernetes.Tests.Leases.Simulation;

/// <summary>How bad the network between a process and the API server is: probabilities for each request.</summary>
internal sealed record NetworkFaults
{
    public static NetworkFaults None { get; } = new();

    public static NetworkFaults Rough { get; } = new()
    {
        LoseRequest = 0.05,
        LoseAnswer = 0.08,
        Duplicate = 0.08,
        ServerError = 0.05,
        Slow = 0.1,
        BreakWatch = 0.1,
    };

    public double LoseRequest { get; init; }

    /// <summary>It is carried out, and the process never hears of it.</summary>
    public double LoseAnswer { get; init; }

    /// <summary>It is carried out twice, at different times.</summary>
    public double Duplicate { get; init; }

    /// <summary>Answered with 500 or 504, carried out or not.</summary>
    public double ServerError { get; init; }

    /// <summary>It takes seconds instead of milliseconds.</summary>
    public double Slow { get; init; }

    /// <summary>Seconds that every answer takes on its way, at least; up to half as much more.</summary>
    public double AnswerTakes { get; init; }

    /// <summary>A watch breaks with the next event.</summary>
    public double BreakWatch { get; init; }
}
