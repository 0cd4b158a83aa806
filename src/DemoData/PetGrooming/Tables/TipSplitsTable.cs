using Slipway.DemoData.PetGrooming.Visits;

namespace Slipway.DemoData.PetGrooming.Tables;

internal sealed class TipSplitsTable(VisitBook visits) : GroomingTable(TableNames.TipSplits, "id, invoice_id, staff_id, amount_cents")
{
    public override async Task WriteAsync(RowWriter row)
    {
        foreach (var visit in visits.Read())
        {
            for (var index = 0; index < visit.Splits.Length; index++)
            {
                await WriteAsync(row, visit.Id, visit.Splits[index]);
            }
        }
    }

    private static async Task WriteAsync(RowWriter row, int invoice, TipSplit split)
    {
        await row.StartAsync();
        await row.IdAsync(row.Rows);
        await row.IdAsync(invoice);
        await row.IdAsync(split.StaffId);
        await row.NumberAsync(split.AmountCents);
    }
}
