using Polly;
using Polly.Retry;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Requests;

namespace Slipway.Kubernetes.Transport;

/// <summary>
/// The one retry policy toward the API server. At most five tries. Everything is tried again that the server turned
/// away with 429 or 503 and a <c>Retry-After</c> of up to 30 s, after that time: it has not been carried out. Reads are tried
/// again also without the header and after a broken connection, after 100 ms, doubled each time and jittered. A write
/// whose answer was lost is never repeated: it may have happened.
/// </summary>
internal sealed class ApiRetry
{
    private const int MaxRetries = 4;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Random _random;
    private readonly ResiliencePipeline<ApiAnswer> _reads;
    private readonly ResiliencePipeline<ApiAnswer> _writes;

    public ApiRetry(TimeProvider time, Random random)
    {
        _random = random;
        _reads = Build(time, IsWorthReadingAgain);
        _writes = Build(time, outcome => IsTurnedAway(outcome.Result));
    }

    public ValueTask<ApiAnswer> ExecuteAsync(
        ApiRequest request, Uri server, Func<CancellationToken, ValueTask<ApiAnswer>> attempt, CancellationToken cancellationToken)
    {
        int? refused = null;
        return (request.IsRead ? _reads : _writes).ExecuteAsync(
            async token =>
            {
                if (refused is { } code)
                {
                    RequestMetrics.Retried(request, server, code);
                }

                refused = 0;
                var answer = await attempt(token);
                refused = answer.Code;
                return answer;
            },
            cancellationToken);
    }

    private ResiliencePipeline<ApiAnswer> Build(TimeProvider time, Func<Outcome<ApiAnswer>, bool> again) =>
        new ResiliencePipelineBuilder<ApiAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<ApiAnswer>
            {
                MaxRetryAttempts = MaxRetries,
                ShouldHandle = arguments => new ValueTask<bool>(again(arguments.Outcome)),
                DelayGenerator = arguments => new ValueTask<TimeSpan?>(Delay(arguments.Outcome.Result, arguments.AttemptNumber)),
            })
            .Build();

    private static bool IsWorthReadingAgain(Outcome<ApiAnswer> outcome) =>
        outcome.Exception is ApiException { Reason: ApiException.Unreachable }
        || outcome.Result is { Code: 429 or 503, RetryAfter: null }
        || IsTurnedAway(outcome.Result);

    private static bool IsTurnedAway(ApiAnswer? answer) =>
        answer is { Code: 429 or 503, RetryAfter: { } wait } && wait <= LongestWait;

    private TimeSpan Delay(ApiAnswer? answer, int retry)
    {
        if (answer?.RetryAfter is { } asked)
        {
            return asked;
        }

        lock (_random)
        {
            return FirstDelay * Math.Pow(2, retry) * (1 + _random.NextDouble());
        }
    }
}
