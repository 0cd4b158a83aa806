namespace Slipway.DemoData.Tests.PetGrooming;

/// <summary>What holds in a business. Each query finds what breaks the rule that it is called by.</summary>
internal static class Sense
{
    public static IReadOnlyDictionary<string, string> Rules { get; } = new Dictionary<string, string>
    {
        ["line items add up to the subtotal"] = """
            SELECT invoices.id FROM invoices LEFT JOIN invoice_line_items item ON invoice_id = invoices.id
            GROUP BY invoices.id HAVING subtotal_cents IS DISTINCT FROM sum(amount_cents)
            """,
        ["tip splits add up to the tip"] = """
            SELECT invoices.id FROM invoices LEFT JOIN tip_splits ON invoice_id = invoices.id
            GROUP BY invoices.id HAVING tip_cents IS DISTINCT FROM sum(amount_cents)
            """,
        ["tips go to those who worked on it, and to all of them"] = """
            SELECT coalesce(split.invoice_id, work.invoice_id) FROM tip_splits split
            FULL JOIN (SELECT DISTINCT invoice_id, staff_id FROM invoice_line_items) work USING (invoice_id, staff_id)
            WHERE split.invoice_id IS NULL OR work.invoice_id IS NULL
            """,
        ["totals are subtotal - discount + 8.25 % + tip"] = """
            SELECT id FROM invoices
            WHERE total_cents <> subtotal_cents - discount_cents + tip_cents + round((subtotal_cents - discount_cents) * 0.0825)
            """,
        ["positions of line items count from one"] = """
            SELECT invoice_id FROM invoice_line_items GROUP BY invoice_id HAVING max(position) <> count(*) OR min(position) <> 1
            """,
        ["no service is charged twice"] =
            "SELECT invoice_id FROM invoice_line_items GROUP BY invoice_id, (service_id - 1) % 10 HAVING count(*) > 1",
        ["every invoice has a visit"] =
            "SELECT invoices.id FROM invoices LEFT JOIN visit_logs ON invoice_id = invoices.id WHERE visit_logs.id IS NULL",
        ["the pet of a visit belongs to the client of its invoice"] = """
            SELECT visit_logs.id FROM visit_logs JOIN invoices ON invoices.id = invoice_id JOIN pets ON pets.id = pet_id
            WHERE pets.client_id <> invoices.client_id
            """,
        ["groomers groom"] = """
            SELECT staff.id FROM staff WHERE role <> 'groomer' AND (id IN (SELECT groomer_id FROM visit_logs)
                OR id IN (SELECT staff_id FROM invoice_line_items) OR id IN (SELECT staff_id FROM tip_splits))
            """,
        ["receptionists write invoices"] = "SELECT invoices.id FROM invoices JOIN staff ON staff.id = created_by WHERE role <> 'receptionist'",
        ["everybody has something to do"] = """
            SELECT id FROM staff WHERE role = 'groomer' AND id NOT IN (SELECT groomer_id FROM visit_logs)
            UNION ALL SELECT id FROM staff WHERE role = 'receptionist' AND id NOT IN (SELECT created_by FROM invoices)
            """,
        ["the groomer of a visit has worked on it"] = """
            SELECT id FROM visit_logs WHERE NOT EXISTS (SELECT FROM invoice_line_items item
                WHERE item.invoice_id = visit_logs.invoice_id AND item.staff_id = groomer_id AND item.position = 1)
            """,
        ["services suit the species"] = """
            SELECT item.id FROM invoice_line_items item JOIN visit_logs USING (invoice_id) JOIN pets ON pets.id = pet_id
            JOIN services ON services.id = service_id WHERE services.species <> pets.species
            """,
        ["prices are those of the size"] = """
            SELECT item.id FROM invoice_line_items item JOIN visit_logs USING (invoice_id) JOIN pets ON pets.id = pet_id
            JOIN services ON services.id = service_id
            WHERE unit_price_cents <> CASE size WHEN 'small' THEN price_small_cents WHEN 'medium' THEN price_medium_cents
                WHEN 'large' THEN price_large_cents ELSE price_giant_cents END
            """,
        ["the first line is a main service, the others are added"] = """
            SELECT item.id FROM invoice_line_items item JOIN services ON services.id = service_id
            WHERE (position = 1) = (category = 'add_on')
            """,
        ["an invoice is written after the visit, and paid after that"] = """
            SELECT invoices.id FROM invoices JOIN visit_logs ON invoice_id = invoices.id
            WHERE issued_at <= finished_at OR paid_at < issued_at OR due_on < issued_at::date
            """,
        ["visits are on weekdays while the shop is open, within 52 weeks of the anchor"] = """
            SELECT id FROM visit_logs WHERE extract(isodow FROM arrived_at) > 5 OR arrived_at::date <> finished_at::date
                OR arrived_at::time < '09:00' OR finished_at::time > '18:00' OR arrived_at < '2025-01-06' OR arrived_at >= '2026-01-05'
            """,
        ["no groomer is in two visits at once"] = """
            SELECT id FROM (
                SELECT id, started_at, lag(finished_at) OVER (PARTITION BY groomer_id ORDER BY started_at) AS before FROM visit_logs) AS visit
            WHERE started_at < before
            """,
        ["no pet is in two visits at once"] = """
            SELECT id FROM (
                SELECT id, arrived_at, lag(finished_at) OVER (PARTITION BY pet_id ORDER BY arrived_at) AS before FROM visit_logs) AS visit
            WHERE arrived_at < before
            """,
        ["invoices are numbered"] = "SELECT id FROM invoices WHERE number <> 'INV-' || lpad(id::text, 6, '0')",
        ["later invoices have greater numbers, by the day"] = """
            SELECT id FROM (SELECT id, issued_at::date AS day, lag(issued_at::date) OVER (ORDER BY id) AS before FROM invoices) AS invoice
            WHERE day < before
            """,
        ["people and pets were there before the first visit"] = """
            SELECT id FROM staff WHERE hired_on >= '2025-01-06' UNION ALL SELECT id FROM clients WHERE created_at >= '2025-01-06'
            UNION ALL SELECT id FROM pets WHERE born_on >= '2025-01-06'
            """,
        ["ids count from one without gaps"] = string.Join(" UNION ALL ", new[]
            { "staff", "services", "clients", "pets", "invoices", "invoice_line_items", "tip_splits", "visit_logs" }
            .Select(table => $"SELECT max(id) FROM {table} HAVING max(id) <> count(*) OR min(id) <> 1")),
    };

    /// <summary>The names of the rules that are broken, with how many rows break them.</summary>
    public static async Task<List<string>> ViolationsAsync(GroomingDatabase database)
    {
        var broken = new List<string>();
        foreach (var (rule, query) in Rules)
        {
            var rows = await database.ReadAsync(query);
            if (rows.Count > 0)
            {
                broken.Add($"not so: {rule} ({rows.Count} rows, the first is {rows[0]})");
            }
        }

        return broken;
    }
}
