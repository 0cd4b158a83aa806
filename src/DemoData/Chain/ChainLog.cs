namespace Slipway.DemoData.Chain;

/// <summary>Tells people, line by line, what is being done to their database. Methods must not throw.</summary>
public abstract class ChainLog
{
    /// <summary>Something has been done.</summary>
    /// <param name="step">One word, for example <c>migrate</c>.</param>
    /// <param name="text">What exactly, with counts.</param>
    /// <param name="took">How long it took; null when that says nothing.</param>
    public abstract void Done(string step, string text, TimeSpan? took = null);

    /// <summary>Something takes longer than usual, and why.</summary>
    public abstract void Waiting(string text);
}
