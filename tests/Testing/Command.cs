using System.Diagnostics;
using System.Text;

namespace Slipway.Testing;

/// <summary>How a command ended, with its two outputs in the order in which their lines came.</summary>
public sealed record CommandResult(int ExitCode, string Output);

/// <summary>Runs another program to its end.</summary>
public static class Command
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>Its exit code and output; the program is killed, with its children, after half an hour.</summary>
    public static async Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var timeout = new CancellationTokenSource(Longest);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = new StringBuilder();
        var reading = Task.WhenAll(Collect(process.StandardOutput, output), Collect(process.StandardError, output));
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took longer than {Longest}.\n{output}");
        }

        await reading;
        return new CommandResult(process.ExitCode, output.ToString());
    }

    private static async Task Collect(StreamReader from, StringBuilder into)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (into)
            {
                into.AppendLine(line);
            }
        }
    }
}
