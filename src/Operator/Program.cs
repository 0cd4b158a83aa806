using System.CommandLine;
using System.Runtime.InteropServices;
using Slipway.Operator.Commands;

// Signals are ours: the operator drains before it ends, however long its own bound allows.
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

var root = new RootCommand("Slipway: application releases, owned by the server.");
root.Subcommands.Add(OperatorCommand.Build());
root.Subcommands.Add(MigrateCommand.Build());
root.Subcommands.Add(LedgerCommand.Build());
root.Subcommands.Add(DemoDataCommand.BuildReset());
root.Subcommands.Add(DemoDataCommand.BuildSeed());
root.Subcommands.Add(AllowResetCommand.Build());
root.Subcommands.Add(UninstallCommand.Build());
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
