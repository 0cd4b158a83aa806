namespace Slipway.DemoData.PetGrooming.Words;

/// <summary>What people write into fields for notes.</summary>
internal static class Sentences
{
    public static IReadOnlyList<string> OfClients { get; } =
    [
        "Prefers text messages to calls.", "Usually ten minutes late.", "Parks behind the shop; use the back door.",
        "Please call when the pet is ready.", "Pays in cash, wants a receipt.", "Asks for the same groomer every time.",
        "Allergic to lavender: unscented shampoo only.", "Brings own towels.",
    ];

    public static IReadOnlyList<string> OfPets { get; } =
    [
        "Afraid of the dryer; use the towel first.", "Sensitive skin, oatmeal shampoo.", "Do not touch the left hind paw.",
        "Loves peanut butter.", "Needs a muzzle for nails.", "Old hip injury: let it lie down.", "Barks at other dogs, take alone.",
        "Small wart behind the right ear, mind the clipper.", "Calm as long as the owner is out of sight.", "Takes thyroid medicine.",
    ];

    public static IReadOnlyList<string> OfInvoices { get; } =
    [
        "Thank you for your visit.", "Next visit in six weeks.", "Loyalty card stamped.", "Includes the matting surcharge as agreed.",
        "Receipt sent by e-mail.", "Reminder agreed for next month.",
    ];

    public static IReadOnlyList<string> OfCompletedVisits { get; } =
    [
        "Went well, stood still the whole time.", "Coat in good shape, light shedding.", "Used the soft brush, no knots left.",
        "A little nervous at first, fine after a treat.", "Nails were long; advised to come every six weeks.",
        "Ears slightly red, told the owner.", "Heavy undercoat, took two rounds with the dryer.", "Cut shorter on the legs as asked.",
        "Some dry skin on the belly; moisturising rinse.", "Very playful, needed two pairs of hands.", "Bow put on, owner delighted.",
        "Matted behind the ears, worked out without shaving.",
    ];

    public static IReadOnlyList<string> OfShortenedVisits { get; } =
    [
        "Tired after half the time; left the face for next visit.", "Owner in a hurry, finish trimming next time.",
        "Did not accept the dryer, towelled instead.", "Too matted on the tail to finish today.",
    ];

    public static IReadOnlyList<string> OfStoppedVisits { get; } =
    [
        "Snapped at the clipper, stopped for safety.", "Found a hot spot, sent to the vet first.",
        "Panicked in the bath; owner picked up early.",
    ];
}
