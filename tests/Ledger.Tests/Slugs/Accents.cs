namespace Slipway.Ledger.Tests.Slugs;

/// <summary>Letters with accents, and the same ones with each accent as a character of its own (NFC and NFD).</summary>
internal static class Accents
{
    public static IReadOnlyDictionary<char, string> ByLetter { get; } = new Dictionary<char, string>
    {
        ['À'] = "A\u0300",
        ['Á'] = "A\u0301",
        ['á'] = "a\u0301",
        ['ả'] = "a\u0309",
        ['ã'] = "a\u0303",
        ['ậ'] = "a\u0323\u0302",
        ['Å'] = "A\u030a",
        ['ą'] = "a\u0328",
        ['ç'] = "c\u0327",
        ['ć'] = "c\u0301",
        ['ď'] = "d\u030c",
        ['é'] = "e\u0301",
        ['ë'] = "e\u0308",
        ['ę'] = "e\u0328",
        ['ễ'] = "e\u0302\u0303",
        ['ị'] = "i\u0323",
        ['İ'] = "I\u0307",
        ['ľ'] = "l\u030c",
        ['ñ'] = "n\u0303",
        ['ń'] = "n\u0301",
        ['ö'] = "o\u0308",
        ['ó'] = "o\u0301",
        ['ò'] = "o\u0300",
        ['ộ'] = "o\u0323\u0302",
        ['ő'] = "o\u030b",
        ['ŕ'] = "r\u0301",
        ['ś'] = "s\u0301",
        ['ș'] = "s\u0326",
        ['ự'] = "u\u031b\u0323",
        ['ẍ'] = "x\u0308",
        ['ź'] = "z\u0301",
        ['ż'] = "z\u0307",
        // Accents on letters that do not come apart themselves.
        ['ǽ'] = "æ\u0301",
        ['ǿ'] = "ø\u0301",
        ['ǯ'] = "ʒ\u030c",
    };

    /// <summary>The text with those accents set apart.</summary>
    public static string Apart(string text) => string.Concat(text.Select(letter => ByLetter.GetValueOrDefault(letter, $"{letter}")));
}
