namespace Slipway.DemoData.PetGrooming.Visits;

/// <summary>A visit of a pet with everything that is written down about it. One object serves for all, one after another.</summary>
internal sealed class Visit
{
    public const int GreatestLines = 4;

    private readonly VisitLine[] _lines = new VisitLine[GreatestLines];
    private readonly TipSplit[] _splits = new TipSplit[GreatestLines];
    private int _lineCount;
    private int _splitCount;

    /// <summary>From 1 on; the invoice and the visit log have it as their id.</summary>
    public int Id { get; set; }

    public int ClientId { get; set; }

    public int PetId { get; set; }

    /// <summary>Who wrote the invoice.</summary>
    public int ReceptionistId { get; set; }

    public int GroomerId { get; set; }

    public DateTime ArrivedAt { get; set; }

    public DateTime StartedAt { get; set; }

    public DateTime FinishedAt { get; set; }

    public DateTime IssuedAt { get; set; }

    public Bill Bill { get; set; }

    public Payment Payment { get; set; }

    /// <summary>Label of <c>visit_outcome</c>.</summary>
    public string Outcome { get; set; } = "";

    public string Notes { get; set; } = "";

    public string? InvoiceNotes { get; set; }

    public ReadOnlySpan<VisitLine> Lines => _lines.AsSpan(0, _lineCount);

    public ReadOnlySpan<TipSplit> Splits => _splits.AsSpan(0, _splitCount);

    public void Clear() => _lineCount = _splitCount = 0;

    public void Add(VisitLine line) => _lines[_lineCount++] = line;

    /// <summary>
    /// Gives each who worked the share of the tip that is theirs by the work, in whole cents; what is left over from rounding down goes to
    /// the groomer. Nobody gets nothing: the least line is far more than a hundredth of the greatest subtotal.
    /// </summary>
    public void SplitTip()
    {
        foreach (var line in Lines)
        {
            var share = (int)((long)Bill.Tip * line.AmountCents / Bill.Subtotal);
            var place = PlaceOf(line.StaffId);
            _splits[place] = new TipSplit(line.StaffId, _splits[place].AmountCents + share);
        }

        var rest = Bill.Tip;
        foreach (var split in Splits)
        {
            rest -= split.AmountCents;
        }

        _splits[0] = _splits[0] with { AmountCents = _splits[0].AmountCents + rest };
    }

    private int PlaceOf(int staffId)
    {
        for (var place = 0; place < _splitCount; place++)
        {
            if (_splits[place].StaffId == staffId)
            {
                return place;
            }
        }

        _splits[_splitCount] = default;
        return _splitCount++;
    }
}
