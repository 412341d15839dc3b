using System.Diagnostics;
using Mesh.Simulation.Figures;
using Mesh.Simulation.Scenarios;

var table = new Table("balancer", "p50", "p99", "p99.9", "max", "slow %", "failed", "s", "digest");
var run = new TailRun();
foreach (string? balancer in new string?[] { null, "LeastRequest", "PeakEwma", "RoundRobin", "Random" })
{
    var watch = Stopwatch.StartNew();
    Calls calls = run.Run(balancer, out double slow);
    table.Add(balancer ?? "oracle", calls.Quantile(0.5), calls.Quantile(0.99), calls.Quantile(0.999), calls.Quantile(1), slow * 100, calls.Failed, watch.Elapsed.TotalSeconds, calls.Digest.Value.ToString("x"));
    Console.WriteLine($"{balancer} {calls.Succeeded} {watch.Elapsed} {GC.GetTotalMemory(false) / 1e6:0} MB");
}

Console.WriteLine(table);
