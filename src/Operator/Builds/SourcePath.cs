namespace Slipway.Operator.Builds;

/// <summary>Paths inside a source. Links in the source itself are the scripts' business.</summary>
internal static class SourcePath
{
    /// <summary>What is wrong with a path, in words for the user; null when nothing is, or there is none.</summary>
    public static string? Problem(string field, string? path)
    {
        if (path is null)
        {
            return null;
        }

        if (path.Length == 0 || path.Any(char.IsControl))
        {
            return $"{field} is empty, or has a control character; leave it out for the source's root";
        }

        if (path[0] == '/')
        {
            return $"{field} \"{path}\" is absolute; write it from the source's root on";
        }

        return path.Split('/').Contains("..") ? $"{field} \"{path}\" has a step \"..\"; it may not lead out of the source" : null;
    }
}
