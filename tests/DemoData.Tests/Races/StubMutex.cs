using Slipway.DemoData.Locking;

namespace Slipway.DemoData.Tests.Races;

/// <summary>A mutex that lets in everybody, so that what the database does about it can be seen alone.</summary>
/// <param name="identity">Whose term it is.</param>
/// <param name="lasts">What is answered to the question whether the term still lasts.</param>
internal sealed class StubMutex(string identity, bool lasts = true) : IMutex
{
    public Task RunAsync(string database, Func<MutexTerm, Task> work, CancellationToken cancellationToken) =>
        work(new StubTerm(identity, lasts, cancellationToken));

    private sealed class StubTerm(string identity, bool lasts, CancellationToken ending) : MutexTerm
    {
        public override string Identity => identity;

        public override CancellationToken Ending => ending;

        public override Task<bool> ConfirmAsync(CancellationToken cancellationToken) => Task.FromResult(lasts);
    }
}
