namespace Slipway.DemoData.PetGrooming.Tables;

/// <summary>The tables of the built-in migrations.</summary>
internal static class TableNames
{
    public const string Staff = "staff";
    public const string Services = "services";
    public const string Clients = "clients";
    public const string Pets = "pets";
    public const string Invoices = "invoices";
    public const string LineItems = "invoice_line_items";
    public const string TipSplits = "tip_splits";
    public const string VisitLogs = "visit_logs";

    /// <summary>In the order in which they are filled: what a row refers to is there before it.</summary>
    public static IReadOnlyList<string> All { get; } = [Staff, Services, Clients, Pets, Invoices, LineItems, TipSplits, VisitLogs];
}
