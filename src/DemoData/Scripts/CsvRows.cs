namespace Slipway.DemoData.Scripts;

/// <summary>Follows the bytes of a CSV as they pass: counts its rows, and remembers where the last quote was opened.</summary>
internal sealed class CsvRows
{
    private long _ended;
    private int _line = 1;
    private int _quoteLine;
    private bool _quoted;
    private byte _last;

    /// <summary>Of the row that is being read.</summary>
    private int _length;
    private bool _isEndMark;

    /// <summary>Rows so far, with that of the column names and the one at the end that no line end follows.</summary>
    public long Count => _ended + (_length > 0 || _quoted ? 1 : 0);

    /// <summary>The line where the quote begins that is still open; null outside of quotes.</summary>
    public int? OpenQuoteLine => _quoted ? _quoteLine : null;

    /// <summary>The line of a row <c>\.</c>, where PostgreSQL stops reading and drops what follows; null if there is none.</summary>
    public int? EndMarkLine { get; private set; }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        foreach (var character in bytes)
        {
            switch (character)
            {
                case (byte)'\n' when _last == '\r':
                    break;
                case (byte)'\n' or (byte)'\r':
                    EndLine();
                    break;
                default:
                    Take(character);
                    break;
            }

            _last = character;
        }
    }

    /// <summary>There is no more.</summary>
    public void Finish() => EndMarkLine ??= IsEndMark() ? _line : null;

    /// <summary>Length in bytes of the first row, without its line end; that of everything if there is no line end.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> bytes)
    {
        var quoted = false;
        for (var index = 0; index < bytes.Length; index++)
        {
            quoted ^= bytes[index] == '"';
            if (!quoted && bytes[index] is (byte)'\n' or (byte)'\r')
            {
                return index;
            }
        }

        return bytes.Length;
    }

    private void Take(byte character)
    {
        if (character == '"')
        {
            // The second of two stands for one in a value, which goes on.
            _quoted = !_quoted;
            _quoteLine = _quoted && _last != '"' ? _line : _quoteLine;
        }

        _isEndMark = _length switch
        {
            0 => character == '\\',
            1 => _isEndMark && character == '.',
            _ => false,
        };
        _length++;
    }

    private void EndLine()
    {
        if (!_quoted)
        {
            EndMarkLine ??= IsEndMark() ? _line : null;
            _ended++;
            _length = 0;
        }

        _line++;
    }

    private bool IsEndMark() => _isEndMark && _length == 2 && !_quoted;
}
