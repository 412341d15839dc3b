using Mesh.Simulation.Figures;
using Mesh.Simulation.Plots;

namespace Mesh.Simulation.Scenarios;

/// <summary>Some servers are slower than the others: how long do calls take with each balancer, beside an oracle?</summary>
internal sealed class TailScenario : IScenario
{
    // What LoadBalancing:Policy is by default.
    private static readonly string s_byDefault = new Mesh.Client.Options.LoadBalancingOptions().Policy;

    private static readonly string[] s_balancers = ["LeastRequest", "PeakEwma", "RoundRobin", "Random", "RingHash", "Maglev"];

    public string Name => "tail";

    public string Question => "Some servers are slower: how long do calls take with each balancer, beside an oracle?";

    public void Run(Settings settings, Report report)
    {
        TailRun fleet = settings.Of(
            new TailRun { Clients = 50, Workers = 4, WarmUp = TimeSpan.FromSeconds(12), Measured = TimeSpan.FromSeconds(10) },
            new TailRun { Measured = TimeSpan.FromSeconds(90) },
            new TailRun { Clients = 10_000, Servers = 1000, Subset = 20, Slow = 50, Workers = 2, WarmUp = TimeSpan.FromSeconds(30), Measured = TimeSpan.FromSeconds(15) });
        fleet = fleet with { Seed = settings.Seed };
        report.Say($"{fleet.Clients} processes call {(fleet.Subset > 0 ? $"{fleet.Subset} each of " : "")}{fleet.Servers} servers of {fleet.Workers} workers, at {fleet.Load * 100:0} % of what they can serve; a call takes {fleet.ServiceTime.TotalMilliseconds} ms on average (lognormal, as much again as standard deviation), the network {fleet.Latency.TotalMilliseconds} ms each way. Milliseconds, of {fleet.Measured.TotalSeconds} s after {fleet.WarmUp.TotalSeconds} s.");
        Compare(settings, report, fleet, "slow-one", "One server in twenty takes ten times as long.", bar: 1.4);
        if (settings.Size is not Size.Usual)
        {
            return;
        }

        Compare(settings, report, fleet with { Slow = fleet.Servers / 2, Slowness = 3 }, "slow-half", "Half of the servers take three times as long.", bar: null);
        Compare(settings, report, fleet with { Slow = 0 }, "slow-none", "All servers are equally fast.", bar: null);
    }

    private static void Compare(Settings settings, Report report, TailRun fleet, string plot, string title, double? bar)
    {
        Calls oracle = fleet.Run(null, out _);
        report.Digest.Add((long)oracle.Digest.Value);
        var table = new Table(title, "p50", "p99", "p99.9", "most", "p99.9 ÷ oracle", "to slow, %", "failed, %");
        var bars = new BarPlot(title, ["p50", "p99", "p99.9"], "ms");
        Add("oracle", oracle, 0);
        foreach (string balancer in s_balancers.Where(settings.Wants))
        {
            Calls calls = fleet.Run(balancer, out double slow);
            report.Digest.Add((long)calls.Digest.Value);
            Add(balancer == s_byDefault ? $"{balancer} (default)" : balancer, calls, slow);
            if (balancer == s_byDefault && bar is { } most)
            {
                report.Bar($"p99.9 of the default balancer ÷ that of the oracle, one slow server in twenty", calls.Quantile(0.999) / oracle.Quantile(0.999), most);
            }
        }

        report.Add(table);
        report.Add(plot, title, bars);

        void Add(string name, Calls calls, double slow)
        {
            table.Add(name, calls.Quantile(0.5), calls.Quantile(0.99), calls.Quantile(0.999), calls.Quantile(1), calls.Quantile(0.999) / oracle.Quantile(0.999), slow * 100, 100.0 * calls.Failed / (calls.Succeeded + calls.Failed));
            bars.Add(name, calls.Quantile(0.5), calls.Quantile(0.99), calls.Quantile(0.999));
        }
    }
}
