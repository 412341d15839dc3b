using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Mesh.Client.Retries;

namespace Mesh.Benchmarks.Suites;

/// <summary>What the retry budget takes: of each call, and of each retry.</summary>
[MemoryDiagnoser]
public class BudgetBenchmarks
{
    private readonly long _now = Stopwatch.GetTimestamp();
    private readonly RetryBudget _budget = new(Stopwatch.Frequency, Stopwatch.GetTimestamp());

    [Benchmark]
    public void Deposit() => _budget.Deposit(_now);

    [Benchmark]
    public bool Withdraw() => _budget.TryWithdraw(_now, 0.2, 10);
}
