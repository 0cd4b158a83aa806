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

    /// <summary>
    /// The stack that runs it. A pod that is to end goes on answering until nobody is sent to it any more; so no request fails while
    /// one release replaces another.
    /// </summary>
    public static string Stack(string baseImage) => $$$"""
        apiVersion: slipway.dev/v1alpha1
        kind: Stack
        metadata: {name: web}
        spec:
          replicas: 2
          service: {port: 80, targetPort: 8080}
          build: {args: {BASE: "{{{baseImage}}}"}}
          template:
            spec:
              terminationGracePeriodSeconds: 30
              containers:
                - name: app
                  readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1, timeoutSeconds: 10, failureThreshold: 6}
                  lifecycle:
                    preStop: {exec: {command: [sleep, "15"]}}
        """;

    public static IReadOnlyList<(string Name, string Text)> Says(string text) => [("Dockerfile", Dockerfile), ("page.sh", $"echo '{text}'\n")];

    /// <summary>Two builds of it make two images, unless the second finds what the first one left.</summary>
    public static IReadOnlyList<(string Name, string Text)> IsNeverTheSame() => [("Dockerfile", Dockerfile), ("page.sh", "cat /proc/sys/kernel/random/uuid\n")];

    /// <summary>What the shell will not read to the end.</summary>
    public static IReadOnlyList<(string Name, string Text)> DoesNotCompile() => [("Dockerfile", Dockerfile), ("page.sh", "if true; then\n  echo 'half a page'\ndone\n")];

    public static IReadOnlyList<(string Name, string Text)> TakesForever() => [("Dockerfile", Dockerfile), ("page.sh", "echo 'begun' >&2\nsleep 3600\n")];
}
