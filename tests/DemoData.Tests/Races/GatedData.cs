using Npgsql;
using Slipway.DemoData.Chain;
using Slipway.Testing;

namespace Slipway.DemoData.Tests.Races;

/// <summary>A data set whose filling, in the middle of a step, begins only when the test lets it.</summary>
internal sealed class GatedData(IDataSet data) : IDataSet
{
    private readonly Gate _begun = new();
    private readonly Gate _gate = new();

    /// <summary>Completes when the step is in its middle.</summary>
    public Task Begun => _begun.Opened.WaitAsync(Eventually.Patience);

    public string Description => data.Description;

    public IReadOnlyList<string> Tables => data.Tables;

    public void Open() => _gate.Open();

    public async Task<IReadOnlyList<FilledPart>> FillAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _begun.Open();
        await _gate.Opened.WaitAsync(cancellationToken);
        return await data.FillAsync(connection, cancellationToken);
    }
}
