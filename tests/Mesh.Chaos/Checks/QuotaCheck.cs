using System.Globalization;
using Mesh.Chaos.Plan;

namespace Mesh.Chaos.Checks;

/// <summary>
/// The bounds of docs/quotas.md, over every stretch of whole seconds from five on. A stretch of n seconds touches n + 1 windows of the store, each of which admits Q; each window in which a process did not reach the store
/// admits one Q more, and so does the one in which the outage ends; a store that lost its data admits Q anew.
/// </summary>
internal static class QuotaCheck
{
    private const int Shortest = 5;

    // How long after a fault of Redis it may still be felt: a store that failed is tried again after up to a second.
    private const int Aftermath = 1500;

    private static readonly FaultKind[] s_outages = [FaultKind.RedisPartition, FaultKind.RedisStop, FaultKind.RedisKill];

    public static Invariant Judge(IReadOnlyList<int> admitted, IReadOnlyList<FaultSpan> faults, int from, int to, int quota)
    {
        int seconds = (to - from) / 1000;
        int[] bySecond = new int[seconds];
        foreach (int time in admitted.Where(t => t >= from && t < from + (1000 * seconds)))
        {
            bySecond[(time - from) / 1000]++;
        }

        FaultSpan[] outages = [.. faults.Where(f => s_outages.Contains(f.Fault.Kind))];
        List<string> breaches = [];
        double worst = 0;
        for (int begin = 0; begin < seconds; begin++)
        {
            int sum = 0;
            for (int end = begin; end < seconds; end++)
            {
                sum += bySecond[end];
                if (end - begin + 1 < Shortest)
                {
                    continue;
                }

                int bound = quota * (end - begin + 2 + More(outages, from + (1000 * begin), from + (1000 * (end + 1))));
                worst = Math.Max(worst, (double)sum / bound);
                if (sum > bound && breaches.Count < 100)
                {
                    breaches.Add(string.Create(CultureInfo.InvariantCulture, $"{sum} admitted from second {begin} to {end + 1}, {bound} at most"));
                }
            }
        }

        int all = bySecond.Sum();
        if (all < quota * seconds / 2)
        {
            breaches.Add(string.Create(CultureInfo.InvariantCulture, $"{all} admitted in {seconds} s, less than half of the quota"));
        }

        string figures = string.Create(
            CultureInfo.InvariantCulture, $"{all} admitted in {seconds} s, {100d * all / (quota * seconds):F0} % of the quota, with {outages.Length} faults of Redis; the fullest stretch {100 * worst:F0} % of its bound; by second {string.Join(' ', bySecond)}");
        return new Invariant("quotas stay within their bounds", figures, breaches);
    }

    // Windows with an outage, the one in which it ends included, and one more for data that was lost.
    private static int More(FaultSpan[] outages, int from, int to) => outages
        .Where(o => o.Touches(from - Aftermath, to))
        .Sum(o => 2 + ((Math.Min(to, o.End + Aftermath) - Math.Max(from, o.Start)) / 1000) + (o.Fault.Kind is FaultKind.RedisKill ? 1 : 0));
}
