using Slipway.DemoData.PetGrooming.Visits;

namespace Slipway.DemoData.PetGrooming.Tables;

internal sealed class LineItemsTable(VisitBook visits) : GroomingTable(
    TableNames.LineItems, "id, invoice_id, service_id, staff_id, position, quantity, unit_price_cents, amount_cents")
{
    public override async Task WriteAsync(RowWriter row)
    {
        foreach (var visit in visits.Read())
        {
            for (var index = 0; index < visit.Lines.Length; index++)
            {
                await WriteAsync(row, visit.Id, index + 1, visit.Lines[index]);
            }
        }
    }

    private static async Task WriteAsync(RowWriter row, int invoice, int position, VisitLine line)
    {
        await row.StartAsync();
        await row.IdAsync(row.Rows);
        await row.IdAsync(invoice);
        await row.IdAsync(line.ServiceId);
        await row.IdAsync(line.StaffId);
        await row.NumberAsync(position);
        await row.NumberAsync(line.Quantity);
        await row.NumberAsync(line.UnitPriceCents);
        await row.NumberAsync(line.AmountCents);
    }
}
