namespace Slipway.DemoData.Scripts;

/// <summary>A text cannot be cut into statements.</summary>
internal sealed class SqlSyntaxException(int position, string message) : Exception(message)
{
    /// <summary>Index in the text of what is wrong; for what is not closed, of where it begins.</summary>
    public int Position { get; } = position;
}
