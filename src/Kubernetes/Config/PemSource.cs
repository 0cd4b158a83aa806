namespace Slipway.Kubernetes.Config;

/// <summary>PEM text, given as it is or in a file that is read anew whenever it is needed (files are rotated).</summary>
public sealed class PemSource
{
    private readonly string? _text;

    private PemSource(string? text, string? file)
    {
        _text = text;
        File = file;
    }

    /// <summary>The file, or null for inline text.</summary>
    public string? File { get; }

    public static PemSource FromText(string pem) => new(pem, null);

    public static PemSource FromFile(string path) => new(null, path);

    /// <exception cref="KubeConfigException">The file cannot be read.</exception>
    public string Read()
    {
        if (File is null)
        {
            return _text!;
        }

        try
        {
            return System.IO.File.ReadAllText(File);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException(
                $"{File}: cannot be read; make the file readable or correct its path in the kubeconfig: {error.Message}", error);
        }
    }

    /// <summary>Never the content: it may be a key.</summary>
    public override string ToString() => File ?? "inline PEM";
}
