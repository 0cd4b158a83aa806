using System.Text;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Resources;

namespace Slipway.Runtime.Events;

/// <summary>One thing that happened, within the limits the API sets.</summary>
internal sealed record Occurrence(V1ObjectReference About, EventType Type, string Reason, string Action, string Note, DateTimeOffset At)
{
    private const int LongestNote = 1024;
    private const int LongestWord = 128;

    /// <summary>What makes two occurrences the same event.</summary>
    public OccurrenceKey Key => new(Subject, Type, Reason, Action, Note);

    /// <summary>The object, for counting: an object without UID by its name.</summary>
    public string Subject => About.Uid ?? $"{About.Kind}/{About.Namespace}/{About.Name}";

    public static Occurrence Of(IResource about, EventType type, string reason, string action, string note, DateTimeOffset at)
    {
        var reference = new V1ObjectReference
        {
            ApiVersion = about.ApiVersion,
            Kind = about.Kind,
            Namespace = about.Metadata.Namespace,
            Name = about.Metadata.Name,
            Uid = about.Metadata.Uid,
            ResourceVersion = about.Metadata.ResourceVersion,
        };
        return new Occurrence(reference, type, Cut(reason, LongestWord), Cut(action, LongestWord), Cut(note, LongestNote), at);
    }

    /// <summary>At most so many bytes of UTF-8, never half a character.</summary>
    private static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        const string more = "…";
        var left = bytes - Encoding.UTF8.GetByteCount(more);
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().TakeWhile(rune => (left -= rune.Utf8SequenceLength) >= 0))
        {
            kept.Append(rune.ToString());
        }

        return kept.Append(more).ToString();
    }
}

internal readonly record struct OccurrenceKey(string Subject, EventType Type, string Reason, string Action, string Note);
