namespace Slipway.DemoData.PetGrooming.Visits;

/// <summary>Where an invoice stands.</summary>
/// <param name="Status">Label of <c>invoice_status</c>.</param>
/// <param name="Method">Label of <c>payment_method</c>; null unless paid.</param>
/// <param name="PaidAt">Null unless paid.</param>
internal readonly record struct Payment(string Status, string? Method, DateTime? PaidAt)
{
    private const string BankTransfer = "bank_transfer";

    public static Payment Draw(Mulberry32 dice, DateTime issuedAt)
    {
        var share = dice.Next(100);
        var method = MethodOf(dice.Next(100));
        // A transfer takes days, everything else is done at the counter.
        var minutes = method == BankTransfer ? dice.Between(1, 20 * 24 * 60) : dice.Between(0, 4);
        return share switch
        {
            < 89 => new Payment("paid", method, issuedAt.AddMinutes(minutes)),
            < 95 => new Payment("sent", null, null),
            < 98 => new Payment("void", null, null),
            _ => new Payment("draft", null, null),
        };
    }

    private static string MethodOf(int share) => share switch
    {
        < 66 => "card",
        < 84 => "cash",
        < 95 => BankTransfer,
        _ => "gift_card",
    };
}
