using Mesh.Client.Model;
using Mesh.Client.Probing;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Probing;

public sealed class ProbeTallyTests
{
    private static readonly HealthCheckPolicy Policy = new() { UnhealthyAfter = 3, HealthyAfter = 2 };

    [Theory]
    [InlineData("", false)]
    [InlineData("--", false)]
    [InlineData("---", true)]
    [InlineData("--+--", false)]
    [InlineData("---+", true)]
    [InlineData("---++", false)]
    [InlineData("---+-+", true)]
    [InlineData("---++--", false)]
    public void Count_SomeResults_TurnsAtTheThresholds(string results, bool unhealthy)
    {
        var tally = new ProbeTally();
        foreach (char result in results)
        {
            tally.Count(result == '+', Policy);
        }

        Assert.Equal(unhealthy, tally.IsUnhealthy);
    }

    [Fact]
    public void Count_AnyResults_TurnsOnlyAfterARunOfTheOpposite()
    {
        for (int seed = 1; seed <= Runs.Of(200); seed++)
        {
            var random = new SeededRandom(seed);
            var policy = new HealthCheckPolicy { UnhealthyAfter = random.Next(1, 5), HealthyAfter = random.Next(1, 5) };
            var tally = new ProbeTally();
            var results = new List<bool>();
            bool unhealthy = false;
            for (int i = 0; i < 200; i++)
            {
                results.Add(random.Next(2) == 0);
                int needed = unhealthy ? policy.HealthyAfter : policy.UnhealthyAfter;
                if (results.Count >= needed && results.TakeLast(needed).All(r => r == unhealthy))
                {
                    unhealthy = !unhealthy;
                    results.Clear();
                }

                Assert.True(tally.Count(results.Count == 0 ? !unhealthy : results[^1], policy) == unhealthy, $"{random}, result {i}");
            }
        }
    }
}
