using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Slipway.Testing.Proxies;

/// <summary>
/// What a PostgreSQL server sends on one connection, cut into answers: everything up to the next <c>ReadyForQuery</c>, because only
/// then is it certain what was committed. While the connection is being set up, and where the server waits for the client in the
/// middle of an answer (COPY), each message is an answer of its own.
/// </summary>
public sealed class PostgresAnswers
{
    private const int HeadSize = 5;
    private const byte CommandComplete = (byte)'C';
    private const byte ErrorResponse = (byte)'E';
    private const byte ReadyForQuery = (byte)'Z';
    private const byte Idle = (byte)'I';
    private static readonly byte[] ServerWaits = "ZGHW"u8.ToArray();

    private readonly PostgresTransaction _transaction = new();
    private readonly List<byte> _message = [];
    private readonly List<byte> _answer = [];
    private readonly List<string> _commits = [];
    private bool _ready;

    /// <summary>What was counted since the connection began.</summary>
    public PostgresTally Tally => _transaction.Tally;

    /// <summary>The answers that are complete with these bytes.</summary>
    /// <exception cref="InvalidDataException">This is not the protocol.</exception>
    public IReadOnlyList<PostgresAnswer> Take(ReadOnlySpan<byte> more)
    {
        var answers = new List<PostgresAnswer>();
        while (!more.IsEmpty)
        {
            var part = more[..Math.Min(Missing(), more.Length)];
            _message.AddRange(part);
            more = more[part.Length..];
            if (_message.Count >= HeadSize && Missing() == 0 && EndMessage())
            {
                answers.Add(new PostgresAnswer([.. _answer], [.. _commits]));
                _answer.Clear();
                _commits.Clear();
            }
        }

        return answers;
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

    /// <returns>Whether the answer ends with it.</returns>
    private bool EndMessage()
    {
        var type = _message[0];
        Look(type, [.. _message[HeadSize..]]);
        _answer.AddRange(_message);
        _message.Clear();
        return !_ready || ServerWaits.Contains(type);
    }

    private void Look(byte type, byte[] body)
    {
        switch (type)
        {
            case CommandComplete:
                _commits.AddRange(_transaction.Complete(Encoding.ASCII.GetString(body).TrimEnd('\0')));
                break;
            case ErrorResponse:
                _transaction.Abort();
                break;
            case ReadyForQuery:
                _ready = true;
                _commits.AddRange(body[0] == Idle ? _transaction.End() : []);
                break;
        }
    }

    /// <summary>What has been written and not committed yet, by the tags of the commands.</summary>
    private sealed class PostgresTransaction
    {
        private static readonly string[] Writing = ["INSERT", "UPDATE", "DELETE", "MERGE"];
        private readonly List<string> _written = [];

        public PostgresTally Tally { get; private set; } = new(0, 0, 0);

        /// <returns>What was committed by this command.</returns>
        public IReadOnlyList<string> Complete(string tag)
        {
            var words = tag.Split(' ');
            if (Writing.Contains(words[0]))
            {
                var rows = int.Parse(words[^1], CultureInfo.InvariantCulture);
                Tally = Tally with { Statements = Tally.Statements + 1, Rows = Tally.Rows + rows };
                _written.AddRange(rows > 0 ? [words[0]] : []);
            }

            if (words[0] == "ROLLBACK")
            {
                Abort();
            }

            if (words[0] != "COMMIT")
            {
                return [];
            }

            Tally = Tally with { Commits = Tally.Commits + 1 };
            return End();
        }

        public void Abort() => _written.Clear();

        /// <summary>Nothing is open any more, so what was written stays: with COMMIT, or without a transaction of its own.</summary>
        public IReadOnlyList<string> End()
        {
            var written = string.Join('+', _written);
            _written.Clear();
            return written.Length == 0 ? [] : [written];
        }
    }
}

/// <summary>An answer as it came, and what was committed by the time it was complete: the writing commands of each transaction, as <c>UPDATE+INSERT</c>.</summary>
public sealed record PostgresAnswer(byte[] Bytes, IReadOnlyList<string> Commits);

/// <summary>What the tags of the server's commands add up to.</summary>
/// <param name="Commits">COMMIT, also of transactions that wrote nothing.</param>
/// <param name="Statements">INSERT, UPDATE, DELETE and MERGE, also those that found no row or were rolled back.</param>
/// <param name="Rows">Rows that these wrote.</param>
public readonly record struct PostgresTally(long Commits, long Statements, long Rows)
{
    public static PostgresTally operator +(PostgresTally one, PostgresTally other) =>
        new(one.Commits + other.Commits, one.Statements + other.Statements, one.Rows + other.Rows);

    public static PostgresTally operator -(PostgresTally one, PostgresTally other) =>
        new(one.Commits - other.Commits, one.Statements - other.Statements, one.Rows - other.Rows);
}
