namespace Slipway.DemoData.Scripts;

/// <summary>Finds the semicolons that end a statement, and the rows behind a <c>COPY ... FROM stdin</c>.</summary>
internal sealed class SqlSplitter(string text)
{
    private const string EndOfData = "\\.";

    private readonly SqlScanner _scanner = new(text);
    private readonly List<SqlStatement> _statements = [];

    private int _countedTo;
    private int _line = 1;

    /// <summary>Of the statement that is being read: from here to there, and its first word. Nothing is read yet where the start is -1.</summary>
    private int _start = -1;
    private int _startLine;
    private int _end;
    private string _first = "";

    /// <summary>Open parentheses; and within <c>BEGIN ATOMIC</c>, how many END are missing.</summary>
    private int _parentheses;
    private int _blocks;

    private string _previous = "";
    private bool _readsInput;

    /// <exception cref="SqlSyntaxException">Something is not closed, or is a command of psql.</exception>
    public IReadOnlyList<SqlStatement> Split()
    {
        if (text.IndexOf('\0') is >= 0 and var nul)
        {
            throw new SqlSyntaxException(nul, "a NUL character is no text");
        }

        _scanner.MoveTo(text.StartsWith('\uFEFF') ? 1 : 0);
        while (_scanner.TryNext(out var token))
        {
            Read(token);
        }

        if (_readsInput)
        {
            throw new SqlSyntaxException(_start, "the rows of this COPY are missing");
        }

        Finish(null);
        return _statements;
    }

    private void Read(SqlToken token)
    {
        var word = WordOf(token);
        if (token.Kind == SqlTokenKind.Command)
        {
            SkipCommand(token, word);
        }
        else if (word == ";" && _parentheses == 0 && _blocks == 0)
        {
            Finish(_readsInput ? TakeRows() : null);
        }
        else
        {
            Continue(token, word);
            _previous = word;
        }
    }

    private void Continue(SqlToken token, string word)
    {
        if (_start < 0)
        {
            (_start, _startLine, _first) = (token.Start, LineAt(token.Start), word);
        }

        _end = token.End;
        if (token.Kind == SqlTokenKind.Word)
        {
            _blocks += BlocksOpenedBy(word);
            _readsInput |= _first == "COPY" && _parentheses == 0 && _previous == "FROM" && word == "STDIN";
        }
        else if (token.Kind == SqlTokenKind.Symbol)
        {
            _parentheses = Math.Max(0, _parentheses + (word == "(" ? 1 : word == ")" ? -1 : 0));
        }
    }

    /// <summary>What matters of it, in upper case; empty if nothing does.</summary>
    private string WordOf(SqlToken token) => token.Kind switch
    {
        SqlTokenKind.Word or SqlTokenKind.Command => text[token.Start..token.End].ToUpperInvariant(),
        SqlTokenKind.Symbol => text[token.Start] switch { ';' => ";", '(' => "(", ')' => ")", '.' => ".", _ => "" },
        SqlTokenKind.Literal or SqlTokenKind.QuotedName => "",
    };

    /// <summary>Only functions have such bodies; behind AS or a dot, the words are names.</summary>
    private int BlocksOpenedBy(string word) => word switch
    {
        "ATOMIC" when _blocks == 0 && _first == "CREATE" && _previous == "BEGIN" => 1,
        "CASE" when _blocks > 0 && _previous is not ("AS" or ".") => 1,
        "END" when _blocks > 0 && _previous is not ("AS" or ".") => -1,
        _ => 0,
    };

    /// <summary>What newer versions of pg_dump write around everything means nothing to us; the rest would.</summary>
    private void SkipCommand(SqlToken token, string word)
    {
        if (_start >= 0 || word is not ("\\RESTRICT" or "\\UNRESTRICT"))
        {
            throw new SqlSyntaxException(token.Start, $"psql's commands are not understood: {text[token.Start..token.End]}");
        }

        _scanner.MoveTo(EndOfLine(token.End));
    }

    private void Finish(CopyData? rows)
    {
        if (_start >= 0)
        {
            _statements.Add(new SqlStatement(text[_start.._end], _startLine, rows));
        }

        (_start, _first, _previous, _parentheses, _blocks, _readsInput) = (-1, "", "", 0, 0, false);
    }

    /// <summary>They begin on the next line.</summary>
    private CopyData TakeRows()
    {
        var first = EndOfLine(_scanner.Position);
        var rest = text[_scanner.Position..first].Trim();
        if (rest.Length > 0 && !rest.StartsWith("--", StringComparison.Ordinal))
        {
            throw new SqlSyntaxException(_scanner.Position, "nothing may follow a COPY ... FROM stdin on its line");
        }

        for (var at = first; at < text.Length; at = EndOfLine(at))
        {
            if (text.AsSpan(at, EndOfLine(at) - at).TrimEnd("\r\n").SequenceEqual(EndOfData))
            {
                _scanner.MoveTo(EndOfLine(at));
                return new CopyData(text[first..at], LineAt(first));
            }
        }

        throw new SqlSyntaxException(_start, "the rows of this COPY do not end with a line \\.");
    }

    /// <summary>Index behind the line end that comes next.</summary>
    private int EndOfLine(int position) => text.IndexOf('\n', position) is >= 0 and var end ? end + 1 : text.Length;

    /// <summary>Positions come in ascending order, so that every line end is counted once.</summary>
    private int LineAt(int position)
    {
        _line += text.AsSpan(_countedTo, position - _countedTo).Count('\n');
        _countedTo = position;
        return _line;
    }
}
