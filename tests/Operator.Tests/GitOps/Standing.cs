namespace Slipway.Operator.Tests.GitOps;

/// <summary>How an object stands, in one word for each of those who wait for it.</summary>
internal enum Standing
{
    /// <summary>As it was asked to be, for good or until somebody asks for something else.</summary>
    Done,

    /// <summary>The operator goes on by itself, or waits for something to come.</summary>
    UnderWay,

    /// <summary>A person must act.</summary>
    Stuck,

    /// <summary>Goes on when a person resumes it.</summary>
    Paused,
}
