using System.Text;

namespace Slipway.Ledger.Env;

/// <summary>How large a set is: as compact JSON in UTF-8, with no more escapes than JSON asks for.</summary>
public static class EnvSize
{
    public static int Of(IReadOnlyDictionary<string, string> variables)
    {
        // The braces, and for each variable a colon and four quotes; between them commas.
        var size = 2L + Math.Max(0, variables.Count - 1);
        foreach (var (key, value) in variables)
        {
            size += 5 + Text(key) + Text(value);
        }

        return (int)Math.Min(size, int.MaxValue);
    }

    private static long Text(string text)
    {
        var size = (long)Encoding.UTF8.GetByteCount(text);
        foreach (var character in text)
        {
            size += character switch
            {
                '"' or '\\' or '\b' or '\f' or '\n' or '\r' or '\t' => 1,
                < ' ' => 5,
                _ => 0,
            };
        }

        return size;
    }
}
