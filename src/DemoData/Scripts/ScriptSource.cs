using System.Text;

namespace Slipway.DemoData.Scripts;

/// <summary>A file of SQL or CSV, wherever it is kept.</summary>
/// <param name="name">For people, for example <c>migrations/0003_pets.sql</c>.</param>
/// <param name="open">Opens it for reading from the beginning; called once for each time that it runs.</param>
public sealed class ScriptSource(string name, Func<Stream> open)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Name { get; } = name;

    /// <summary>A text that is at hand.</summary>
    public static ScriptSource Of(string name, string text) => new(name, () => new MemoryStream(Strict.GetBytes(text)));

    /// <exception cref="DemoDataException">With this fault: it cannot be read.</exception>
    internal Stream Open(DemoDataFault fault)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(fault, error);
        }
    }

    /// <summary>The whole text.</summary>
    /// <exception cref="DemoDataException">With this fault: it cannot be read, or is not UTF-8.</exception>
    internal string Read(DemoDataFault fault)
    {
        using var stream = Open(fault);
        using var bytes = new MemoryStream();
        try
        {
            stream.CopyTo(bytes);
        }
        catch (IOException error)
        {
            throw Unreadable(fault, error);
        }

        return Decode(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), fault);
    }

    /// <summary>The text of bytes from its beginning.</summary>
    /// <exception cref="DemoDataException">With this fault: they are not UTF-8.</exception>
    internal string Decode(ReadOnlySpan<byte> bytes, DemoDataFault fault)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            var line = 1 + bytes[..Math.Clamp(error.Index, 0, bytes.Length)].Count((byte)'\n');
            throw new DemoDataException(fault, $"{Name}, line {line}: not UTF-8; save the file in this encoding", error);
        }
    }

    private DemoDataException Unreadable(DemoDataFault fault, Exception error) => new(fault, $"{Name} cannot be read: {error.Message}", error);
}
