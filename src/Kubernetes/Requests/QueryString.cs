using System.Globalization;
using System.Text;

namespace Slipway.Kubernetes.Requests;

/// <summary>Builds a query string; what is null is left out.</summary>
internal sealed class QueryString
{
    private readonly StringBuilder _text = new();

    public QueryString Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public QueryString Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds <c>name=true</c>, or nothing.</summary>
    public QueryString AddIf(string name, bool value) => Add(name, value ? "true" : null);

    public override string ToString() => _text.ToString();
}
