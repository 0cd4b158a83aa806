using Shouldly;
using Slipway.Kubernetes.Transport;
using Slipway.Testing;
using Xunit;

namespace Slipway.Kubernetes.Tests.Transport;

public sealed class ExecCredentialSourceTests
{
    private readonly FakeClock _clock = new();
    private readonly ScriptedRunner _runner = new();
    private readonly ExecCredentialSource _source;

    public ExecCredentialSourceTests() => _source = new ExecCredentialSource(_runner, _clock);

    [Fact]
    public async Task Runs_once_for_all_who_wait()
    {
        var answers = Enumerable.Range(0, 20).Select(_ => _source.GetAsync(CancellationToken.None).AsTask()).ToList();
        var run = await _runner.NextAsync();
        run.SetResult(new Credential("t", null, null));

        (await Task.WhenAll(answers)).ShouldAllBe(credential => credential.Token == "t");
        _runner.Runs.ShouldBe(1);
    }

    [Fact]
    public async Task Who_stops_waiting_does_not_stop_it_for_the_others()
    {
        using var impatient = new CancellationTokenSource();
        var one = _source.GetAsync(impatient.Token).AsTask();
        var other = _source.GetAsync(CancellationToken.None).AsTask();
        var run = await _runner.NextAsync();

        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(one);
        run.SetResult(new Credential("t", null, null));

        (await other).Token.ShouldBe("t");
        _runner.Runs.ShouldBe(1);
    }

    [Fact]
    public async Task Is_asked_again_shortly_before_the_end()
    {
        await GetAsync(new Credential("one", null, _clock.GetUtcNow() + TimeSpan.FromMinutes(1)));
        _clock.Advance(TimeSpan.FromSeconds(49));
        (await AnswerAsync()).Token.ShouldBe("one");

        _clock.Advance(TimeSpan.FromSeconds(1));
        (await GetAsync(new Credential("two", null, null))).Token.ShouldBe("two");
    }

    [Fact]
    public async Task Is_asked_again_when_the_server_refuses()
    {
        var refused = await GetAsync(new Credential("one", null, null));

        _source.Reject(refused).ShouldBeTrue();

        (await GetAsync(new Credential("two", null, null))).Token.ShouldBe("two");
    }

    [Fact]
    public async Task A_late_refusal_does_not_throw_away_what_was_renewed_meanwhile()
    {
        var old = await GetAsync(new Credential("one", null, null));
        _source.Reject(old);
        await GetAsync(new Credential("two", null, null));

        _source.Reject(old).ShouldBeTrue();

        (await AnswerAsync()).Token.ShouldBe("two");
        _runner.Runs.ShouldBe(2);
    }

    [Fact]
    public async Task A_failure_is_told_and_not_remembered()
    {
        var failing = _source.GetAsync(CancellationToken.None).AsTask();
        (await _runner.NextAsync()).SetException(new InvalidOperationException("no network"));
        await Should.ThrowAsync<InvalidOperationException>(failing);

        (await GetAsync(new Credential("two", null, null))).Token.ShouldBe("two");
    }

    /// <summary>For what must be answered without another run.</summary>
    private async Task<Credential> AnswerAsync() => await _source.GetAsync(CancellationToken.None).AsTask().WaitAsync(Eventually.Patience);

    private async Task<Credential> GetAsync(Credential credential)
    {
        var answer = _source.GetAsync(CancellationToken.None).AsTask();
        (await _runner.NextAsync()).SetResult(credential);
        return await answer;
    }

    private sealed class ScriptedRunner : IExecRunner
    {
        private readonly System.Threading.Channels.Channel<TaskCompletionSource<Credential>> _started =
            System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource<Credential>>();

        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public Task<Credential> RunAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _runs);
            var run = new TaskCompletionSource<Credential>(TaskCreationOptions.RunContinuationsAsynchronously);
            _started.Writer.TryWrite(run);
            return run.Task;
        }

        public async Task<TaskCompletionSource<Credential>> NextAsync() => await _started.Reader.ReadAsync();
    }
}
