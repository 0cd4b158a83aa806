using Slipway.DemoData.PetGrooming.Visits;

namespace Slipway.DemoData.PetGrooming.Tables;

internal sealed class VisitLogsTable(VisitBook visits) : GroomingTable(
    TableNames.VisitLogs, "id, invoice_id, pet_id, groomer_id, arrived_at, started_at, finished_at, outcome, notes")
{
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
        await row.IdAsync(visit.Id);
        await row.IdAsync(visit.PetId);
        await row.IdAsync(visit.GroomerId);
        await row.TimeAsync(visit.ArrivedAt);
        await row.TimeAsync(visit.StartedAt);
        await row.TimeAsync(visit.FinishedAt);
        await row.TextAsync(visit.Outcome);
        await row.TextAsync(visit.Notes);
    }
}
