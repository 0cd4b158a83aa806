namespace Slipway.DemoData.Scripts;

/// <summary>A piece of SQL as PostgreSQL's own scanner cuts it, as far as it matters where statements end and which tables they name.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int End);

internal enum SqlTokenKind
{
    /// <summary>A keyword or a name without quotes.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A text in quotes of any kind, or digits.</summary>
    Literal,

    /// <summary>A backslash and what follows it: a command of psql.</summary>
    Command,

    /// <summary>A single character of anything else.</summary>
    Symbol,
}
