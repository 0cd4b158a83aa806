using Slipway.Crds.Meta;
using Slipway.Retry;

namespace Slipway.Kubernetes.Faults;

/// <summary>The shared conflict policy, applied to <c>resourceVersion</c> conflicts of the API server.</summary>
public static class ConflictRetryExtensions
{
    /// <summary>
    /// Runs an attempt again while it is refused with a conflict. Each attempt must read the object anew, or it will
    /// lose again. Any other error passes through at once.
    /// </summary>
    /// <exception cref="ResourceVersionConflictException">Every attempt lost.</exception>
    public static Task<T> RetryOnConflictAsync<T>(
        this ConflictRetry retry,
        ResourceType type,
        NamespacedName key,
        Func<int, CancellationToken, Task<T>> attempt,
        CancellationToken cancellationToken) =>
        retry.ExecuteAsync(Operation(type, key, IsConflict), attempt, cancellationToken);

    /// <summary>
    /// The same for JSON patches whose <c>test</c> guards them: the server says "invalid" when the test fails. What is
    /// still invalid at the last attempt is no race and passes through as it is.
    /// </summary>
    internal static Task<T> RetryOnFailedTestAsync<T>(
        this ConflictRetry retry,
        ResourceType type,
        NamespacedName key,
        Func<int, CancellationToken, Task<T>> attempt,
        CancellationToken cancellationToken) =>
        retry.ExecuteAsync(Operation(type, key, IsConflictOrFailedTest), attempt, cancellationToken);

    private static ConflictOperation Operation(ResourceType type, NamespacedName key, Func<Exception, bool> isConflict) => new(
        "resource_version",
        $"{type.FullName} {key}",
        isConflict,
        (error, attempts) => Exhausted(type, key, error, attempts));

    private static bool IsConflict(Exception error) => error is ApiException { IsConflict: true };

    private static bool IsConflictOrFailedTest(Exception error) =>
        error is ApiException { IsConflict: true } or ApiException { IsInvalid: true };

    private static Exception Exhausted(ResourceType type, NamespacedName key, Exception error, int attempts) =>
        error is ApiException { IsInvalid: true }
            ? error
            : new ResourceVersionConflictException(type.FullName, key, attempts, (error as ApiException)?.ResourceVersion, error);
}
