using Slipway.Benchmarks;

return await BenchmarkCommand.RunAsync(args);
