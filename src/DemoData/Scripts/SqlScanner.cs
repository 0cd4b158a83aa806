namespace Slipway.DemoData.Scripts;

/// <summary>Cuts SQL into tokens by the rules of PostgreSQL's scanner with <c>standard_conforming_strings</c> on; comments are skipped.</summary>
internal sealed class SqlScanner(string text)
{
    /// <summary>Index of what is read next.</summary>
    public int Position { get; private set; }

    /// <exception cref="SqlSyntaxException">A quote or a comment is not closed.</exception>
    public bool TryNext(out SqlToken token)
    {
        SkipBlanks();
        var start = Position;
        token = start < text.Length ? new SqlToken(Take(), start, Position) : default;
        return Position > start;
    }

    /// <summary>Goes on behind a piece of text that is not SQL.</summary>
    public void MoveTo(int position) => Position = position;

    public static bool IsBlank(char character) => character is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    /// <summary>Reads one token from the position on, which is not blank.</summary>
    private SqlTokenKind Take()
    {
        var start = Position++;
        switch (text[start])
        {
            case '\'':
                SkipQuoted(start, '\'', "quote");
                return SqlTokenKind.Literal;
            case '"':
                SkipQuoted(start, '"', "double quote");
                return SqlTokenKind.QuotedName;
            case '$':
                return TrySkipDollarQuoted(start) ? SqlTokenKind.Literal : SqlTokenKind.Symbol;
            case '\\':
                SkipWhile(static character => !IsBlank(character));
                return SqlTokenKind.Command;
            case 'e' or 'E' when At(Position) == '\'':
                SkipEscaped(start);
                return SqlTokenKind.Literal;
            case >= '0' and <= '9':
                SkipWhile(char.IsAsciiDigit);
                return SqlTokenKind.Literal;
            case var first when IsWordStart(first):
                SkipWhile(IsWordPart);
                return SqlTokenKind.Word;
            default:
                return SqlTokenKind.Symbol;
        }
    }

    /// <summary>A quote in it is written twice; a backslash means nothing.</summary>
    private void SkipQuoted(int start, char quote, string what)
    {
        while (true)
        {
            var end = text.IndexOf(quote, Position);
            Position = end < 0 ? throw NotClosed(start, what) : end + 1;
            if (At(Position) != quote)
            {
                return;
            }

            Position++;
        }
    }

    /// <summary>E'...': a backslash takes the next character with it, and so it does in every part that continues on a later line.</summary>
    private void SkipEscaped(int start)
    {
        do
        {
            for (Position++; At(Position) != '\'' || At(Position + 1) == '\''; Position += At(Position) is '\\' or '\'' ? 2 : 1)
            {
                if (Position >= text.Length)
                {
                    throw NotClosed(start, "quote");
                }
            }

            Position++;
        }
        while (IsContinued());
    }

    /// <summary>Whether the next part of the same literal follows: another quote, with at least one line end and no more than blanks between.</summary>
    private bool IsContinued()
    {
        var closed = Position;
        SkipBlanks(blocks: false);
        if (At(Position) == '\'' && text.AsSpan(closed, Position - closed).IndexOfAny('\n', '\r') >= 0)
        {
            return true;
        }

        Position = closed;
        return false;
    }

    private bool TrySkipDollarQuoted(int start)
    {
        var end = start + 1;
        while (IsWordPart(At(end)) && At(end) != '$' && (end > start + 1 || !char.IsAsciiDigit(At(end))))
        {
            end++;
        }

        if (At(end) != '$')
        {
            return false;
        }

        var tag = text[start..(end + 1)];
        var close = text.IndexOf(tag, end + 1, StringComparison.Ordinal);
        Position = close < 0 ? throw NotClosed(start, $"quote {tag}") : close + tag.Length;
        return true;
    }

    private void SkipBlanks(bool blocks = true)
    {
        while (true)
        {
            SkipWhile(IsBlank);
            if (At(Position) == '-' && At(Position + 1) == '-')
            {
                SkipWhile(static character => character is not ('\n' or '\r'));
            }
            else if (blocks && At(Position) == '/' && At(Position + 1) == '*')
            {
                SkipBlockComment(Position);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>They nest.</summary>
    private void SkipBlockComment(int start)
    {
        var depth = 0;
        do
        {
            var (first, second) = (At(Position), At(Position + 1));
            var mark = (first, second) is ('/', '*') or ('*', '/');
            depth += mark ? (first == '/' ? 1 : -1) : 0;
            Position += mark ? 2 : 1;
            if (Position >= text.Length && depth > 0)
            {
                throw NotClosed(start, "comment");
            }
        }
        while (depth > 0);
    }

    private void SkipWhile(Func<char, bool> belongs)
    {
        while (Position < text.Length && belongs(text[Position]))
        {
            Position++;
        }
    }

    /// <summary>NUL, which no script has, behind the end.</summary>
    private char At(int position) => position < text.Length ? text[position] : '\0';

    private static bool IsWordStart(char character) => char.IsAsciiLetter(character) || character is '_' or >= '\u0080';

    private static bool IsWordPart(char character) => IsWordStart(character) || char.IsAsciiDigit(character) || character == '$';

    private static SqlSyntaxException NotClosed(int start, string what) => new(start, $"the {what} that begins here is not closed");
}
