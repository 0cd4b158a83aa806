using System.Buffers.Binary;
using System.Text;

namespace Slipway.Testing.Proxies;

/// <summary>
/// What a client says to a PostgreSQL server on one connection, cut into requests: everything up to a message after which the server
/// does something and answers. Rows of a COPY are requests of their own, and so is the beginning of the connection.
/// </summary>
/// <param name="opening">How many bytes of the opening message, which has no type, are still to come.</param>
public sealed class PostgresRequests(int opening)
{
    private const int HeadSize = 5;
    private static readonly byte[] ServerActs = "QSHdcfpXF"u8.ToArray();

    private readonly List<byte> _message = [];
    private readonly List<byte> _request = [];
    private readonly List<string> _texts = [];
    private int _opening = opening;

    /// <summary>The requests that are complete with these bytes.</summary>
    /// <exception cref="InvalidDataException">This is not the protocol.</exception>
    public IReadOnlyList<PostgresRequest> Take(ReadOnlySpan<byte> more)
    {
        var requests = new List<PostgresRequest>();
        while (!more.IsEmpty)
        {
            var isOpening = _opening > 0;
            var part = more[..Math.Min(isOpening ? _opening : Missing(), more.Length)];
            more = more[part.Length..];
            if (isOpening ? EndOpening(part) : EndMessage(part))
            {
                requests.Add(new PostgresRequest([.. _request], string.Join("; ", _texts)));
                _request.Clear();
                _texts.Clear();
            }
        }

        return requests;
    }

    private bool EndOpening(ReadOnlySpan<byte> part)
    {
        _request.AddRange(part);
        _opening -= part.Length;
        return _opening == 0;
    }

    /// <returns>Whether the request ends with it.</returns>
    private bool EndMessage(ReadOnlySpan<byte> part)
    {
        _message.AddRange(part);
        if (_message.Count < HeadSize || Missing() > 0)
        {
            return false;
        }

        var type = _message[0];
        _texts.AddRange(TextOf(type, [.. _message[HeadSize..]]));
        _request.AddRange(_message);
        _message.Clear();
        return ServerActs.Contains(type);
    }

    /// <summary>How many bytes the message, or first its head, still needs.</summary>
    private int Missing()
    {
        if (_message.Count < HeadSize)
        {
            return HeadSize - _message.Count;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian([.. _message[1..HeadSize]]) + 1;
        return length >= HeadSize ? length - _message.Count : throw new InvalidDataException($"A message of {length} bytes is not PostgreSQL's protocol.");
    }

    /// <summary>Statements: of a query all of it, of one that is to be parsed what follows its name.</summary>
    private static IEnumerable<string> TextOf(byte type, byte[] body) => (char)type switch
    {
        'Q' => [Encoding.UTF8.GetString(body).TrimEnd('\0')],
        'P' => [Encoding.UTF8.GetString(body).Split('\0')[1]],
        'd' => [PostgresRequest.CopyData],
        'c' => [PostgresRequest.CopyEnd],
        'X' => [PostgresRequest.End],
        _ => [],
    };
}

/// <summary>Something that a client asks of the server.</summary>
/// <param name="Bytes">As they came.</param>
/// <param name="Text">The statements; empty where there is none, as while the connection is being set up.</param>
public sealed record PostgresRequest(byte[] Bytes, string Text)
{
    /// <summary>Text of rows of a COPY.</summary>
    public const string CopyData = "(rows)";

    /// <summary>Text of the end of the rows of a COPY.</summary>
    public const string CopyEnd = "(end of rows)";

    /// <summary>Text of a goodbye.</summary>
    public const string End = "(end)";
}
