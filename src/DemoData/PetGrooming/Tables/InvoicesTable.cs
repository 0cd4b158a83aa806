using Slipway.DemoData.PetGrooming.Visits;

namespace Slipway.DemoData.PetGrooming.Tables;

internal sealed class InvoicesTable(VisitBook visits) : GroomingTable(
    TableNames.Invoices,
    "id, client_id, created_by, issued_at, due_on, paid_at, subtotal_cents, discount_cents, tax_cents, tip_cents, total_cents, status, "
        + "payment_method, number, notes")
{
    private const int DaysToPay = 21;

    public override async Task WriteAsync(RowWriter row)
    {
        foreach (var visit in visits.Read())
        {
            await WriteAsync(row, visit);
        }
    }

    private static async Task WriteAsync(RowWriter row, Visit visit)
    {
        await row.StartAsync();
        await row.IdAsync(visit.Id);
        await row.IdAsync(visit.ClientId);
        await row.IdAsync(visit.ReceptionistId);
        await row.TimeAsync(visit.IssuedAt);
        await row.DateAsync(DateOnly.FromDateTime(visit.IssuedAt).AddDays(DaysToPay));
        await row.TimeAsync(visit.Payment.PaidAt);
        await row.NumberAsync(visit.Bill.Subtotal);
        await row.NumberAsync(visit.Bill.Discount);
        await row.NumberAsync(visit.Bill.Tax);
        await row.NumberAsync(visit.Bill.Tip);
        await row.NumberAsync(visit.Bill.Total);
        await row.TextAsync(visit.Payment.Status);
        await row.TextAsync(visit.Payment.Method);
        await row.TextAsync(FormattableString.Invariant($"INV-{visit.Id:000000}"));
        await row.TextAsync(visit.InvoiceNotes);
    }
}
