namespace Slipway.Retry.Tests;

/// <summary>Dice that break when two threads roll them at once.</summary>
internal sealed class SingleThreadedRandom() : Random(42)
{
    private int _rolling;

    public override double NextDouble()
    {
        if (Interlocked.Exchange(ref _rolling, 1) == 1)
        {
            throw new InvalidOperationException("Two threads rolled the dice at once.");
        }

        Thread.SpinWait(200);
        var rolled = base.NextDouble();
        Volatile.Write(ref _rolling, 0);
        return rolled;
    }
}
