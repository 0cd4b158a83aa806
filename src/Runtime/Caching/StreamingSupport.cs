using Slipway.Kubernetes.Faults;

namespace Slipway.Runtime.Caching;

/// <summary>
/// What is known of the API server's ability to stream the state of a kind, shared by the informers of a process. As
/// long as nothing is known they try one after another, so that a server without it refuses one request and not one a kind.
/// </summary>
internal sealed class StreamingSupport
{
    private readonly SemaphoreSlim _scout = new(1, 1);
    private volatile Answer _answer = Answer.Unknown;

    private enum Answer
    {
        Unknown,
        Yes,
        No,
    }

    /// <summary>
    /// Whether a failure means that the server cannot do it: it refuses the parameters (an older one, or one whose feature gate
    /// is off), or ignores them and never marks the end of the state.
    /// </summary>
    public static bool IsRefusal(Exception error) => error is TimeoutException or ApiException { Code: 400 or 405 or 406 or 415 or 422 };

    /// <summary>An attempt, which must then be run; null when the server is known not to stream.</summary>
    public async Task<Attempt?> BeginAsync(CancellationToken cancellationToken)
    {
        if (_answer == Answer.Unknown)
        {
            await _scout.WaitAsync(cancellationToken);
            if (_answer == Answer.Unknown)
            {
                return new Attempt(this, isScout: true);
            }

            _scout.Release();
        }

        return _answer == Answer.No ? null : new Attempt(this, isScout: false);
    }

    /// <summary>One try of one informer. One that neither succeeds nor is refused leaves the question open.</summary>
    internal sealed class Attempt(StreamingSupport support, bool isScout)
    {
        private bool _holdsOthersUp = isScout;
        private bool _succeeded;

        /// <summary>Runs the attempt. Errors pass through; others may try when it was opened, or has ended.</summary>
        public async Task RunAsync(Func<Task> attempt)
        {
            try
            {
                await attempt();
            }
            catch (Exception error) when (!_succeeded && support._answer == Answer.Unknown && IsRefusal(error))
            {
                // If another informer has seen that the server can do it, it is only this kind that cannot be streamed.
                support._answer = Answer.No;
                throw;
            }
            finally
            {
                LetOthersTry();
            }
        }

        /// <summary>The server did not refuse. Whether it does what was asked shows later; nobody need wait for that.</summary>
        public void Opened() => LetOthersTry();

        /// <summary>The server streamed a whole state.</summary>
        public void Succeeded()
        {
            _succeeded = true;
            support._answer = Answer.Yes;
        }

        private void LetOthersTry()
        {
            if (_holdsOthersUp)
            {
                _holdsOthersUp = false;
                support._scout.Release();
            }
        }
    }
}
