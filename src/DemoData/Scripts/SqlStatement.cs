namespace Slipway.DemoData.Scripts;

/// <summary>A statement of a script.</summary>
/// <param name="Text">From its first token to its last, without the semicolon.</param>
/// <param name="Line">The line of its first token, from 1 on.</param>
/// <param name="CopyData">What follows a <c>COPY ... FROM stdin</c>; null for every other statement.</param>
internal sealed record SqlStatement(string Text, int Line, CopyData? CopyData = null);

/// <summary>The rows between a <c>COPY ... FROM stdin;</c> and the line <c>\.</c>.</summary>
/// <param name="Text">With all line ends.</param>
/// <param name="Line">The line of the first row, from 1 on.</param>
internal sealed record CopyData(string Text, int Line);
