using System.Collections.Concurrent;
using System.Globalization;
using Mesh.Client.Options;
using Mesh.Client.Testing;
using Mesh.IntegrationTests.Wire.Servers;

namespace Mesh.IntegrationTests.Wire;

/// <summary>What must not be sent twice is not, wherever the connection breaks.</summary>
[Collection(typeof(OnTheWire))]
public sealed class RandomResetTests
{
    private const int Callers = 16;

    private static readonly int s_requests = Environment.GetEnvironmentVariable("MESH_LONG") is "1" ? 100_000 : 5_000;

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    public async Task Send_OverBreakingConnections_NeverArrivesTwice(string method)
    {
        ConcurrentDictionary<string, int> arrivals = new();
        (int answered, int broken, int faults) = await RunAsync(new HttpMethod(method), method is "POST" ? s_requests : s_requests / 5, arrivals);

        Assert.DoesNotContain(arrivals, static a => a.Value > 1);
        Assert.True(answered > broken, $"{answered} answered, {broken} broken");
        Assert.True(broken > 0 && faults > 0, $"{broken} broken, {faults} faults");
    }

    [Fact]
    public async Task Send_GetOverBreakingConnections_IsTriedAgain()
    {
        ConcurrentDictionary<string, int> arrivals = new();
        (int answered, int broken, int faults) = await RunAsync(HttpMethod.Get, s_requests / 5, arrivals);

        int repeated = arrivals.Values.Count(static count => count > 1);
        Assert.True(repeated > faults / 10, $"{repeated} arrived more than once, {faults} faults");
        Assert.True(broken < faults, $"{answered} answered, {broken} broken, {faults} faults");
    }

    private static async Task<(int Answered, int Broken, int Faults)> RunAsync(HttpMethod method, int requests, ConcurrentDictionary<string, int> arrivals)
    {
        var random = new SeededRandom(20261120);
        await using var first = new FaultServer(arrivals, random);
        await using var second = new FaultServer(arrivals, random);
        using var mesh = new WireMesh([first.Endpoint, second.Endpoint], StayOpen);
        int answered = 0;
        int broken = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = TestContext.Current.CancellationToken },
            async (id, cancellationToken) =>
            {
                using var request = new HttpRequestMessage(method, id.ToString(CultureInfo.InvariantCulture));
                request.Content = method == HttpMethod.Get ? null : Body(random);
                try
                {
                    using HttpResponseMessage response = await mesh.Client.SendAsync(request, cancellationToken);
                    Assert.Equal("ok", await response.Content.ReadAsStringAsync(cancellationToken));
                    Interlocked.Increment(ref answered);
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref broken);
                }
            });

        Assert.Equal(requests, answered + broken);
        Assert.Equal(0, mesh.Balancer.InFlight);
        Fault[] faults = [Fault.CloseAfterAnswer, Fault.Reset, Fault.HalfClose, Fault.Close];
        Assert.All(faults, fault => Assert.True(first.Count(fault) > 0 && second.Count(fault) > 0, fault.ToString()));
        return (answered, broken, faults[1..].Sum(fault => first.Count(fault) + second.Count(fault)));
    }

    // No body, one that could be sent again, and one that can be read only once.
    private static HttpContent? Body(Random random) => random.Next(3) switch
    {
        0 => null,
        1 => new ByteArrayContent(new byte[random.Next(300)]),
        _ => new StreamContent(new MemoryStream(new byte[random.Next(300)])),
    };

    // Endpoints as bad as these would be ejected, and the calls stay in one place.
    private static void StayOpen(ServiceOptions options)
    {
        options.CircuitBreaker.ConsecutiveFailures = 10_000;
        options.CircuitBreaker.MinimumThroughput = 1_000_000;
        options.Retry.BudgetMinPerSecond = 100_000;
    }
}
