namespace Slipway.EndToEnd;

/// <summary>A small application: its page is made by a program that runs while the image is built.</summary>
public static class Page
{
    private const string Dockerfile = """
        ARG BASE
        FROM ${BASE}
        USER 0
        COPY page.sh /src/page.sh
        RUN sh /src/page.sh >/www/index.html
        USER 65532:65532

        """;

    public static IReadOnlyList<(string Name, string Text)> Says(string text) => [("Dockerfile", Dockerfile), ("page.sh", $"echo '{text}'\n")];

    /// <summary>What the shell will not read to the end.</summary>
    public static IReadOnlyList<(string Name, string Text)> DoesNotCompile() => [("Dockerfile", Dockerfile), ("page.sh", "if true; then\n  echo 'half a page'\ndone\n")];

    public static IReadOnlyList<(string Name, string Text)> TakesForever() => [("Dockerfile", Dockerfile), ("page.sh", "echo 'begun' >&2\nsleep 3600\n")];
}
