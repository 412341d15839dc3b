using Mesh.Faults;
using Mesh.IntegrationTests.Consul.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;

namespace Mesh.IntegrationTests.Consul;

/// <summary>A Consul that is well, at the other end of a link that is not.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ConsulBadLinkTests(ITestOutputHelper output)
{
    private const int Seed = 20261121;

    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    private static readonly string[] s_names = ["slow", "drips", "narrow", "breaks", "is cut", "is half closed", "spoils", "swallows", "refuses", "changes"];

    /// <summary>What is wrong with the link; most in the long form alone.</summary>
    public static TheoryData<string> Links => [.. s_long ? s_names : ["breaks", "spoils", "changes"]];

    [Theory]
    [MemberData(nameof(Links))]
    public async Task Calls_TheLinkToConsulIsBad_DoNotFailAndChangesAreSeenAfterwards(string link)
    {
        await using ConsulServer consul = await ConsulServer.StartAsync();
        await using var fleet = await InstanceFleet.StartAsync(consul, "orders", 3);
        await using FaultProxy proxy = FaultProxy.Start(new Uri(consul.Address).Port, isHttp: false, Seed);
        using var mesh = new ConsulMesh(proxy.Uri.GetLeftPart(UriPartial.Authority), static options => options.WaitTime = TimeSpan.FromSeconds(1));
        await mesh.CallAsync("orders");
        await using var load = new SteadyLoad(mesh, "orders");

        // Answers come while it is bad: an instance is listed, and taken away again.
        Task bad = proxy.PlayAsync(Phases(link), TestContext.Current.CancellationToken);
        RealServer late = await fleet.AddAsync("late");
        await consul.RegisterAsync("orders", "late", late.Endpoint.Port);
        await bad;
        long healed = TimeProvider.System.GetTimestamp();
        while (await mesh.CallAsync("orders") != "late")
        {
            Assert.True(TimeProvider.System.GetElapsedTime(healed) < TimeSpan.FromSeconds(15), "a new instance was not seen within 15 s");
        }

        TimeSpan took = TimeProvider.System.GetElapsedTime(healed);
        await load.DisposeAsync();
        output.WriteLine($"{load.Calls} calls, {load.Errors.Count} failed; the change was seen {took.TotalMilliseconds:F0} ms after the link was well; {proxy.Taken} connections made, {proxy.Connections} open");
        Assert.Empty(load.Errors);
        Assert.InRange(proxy.Connections, 1, 4);
    }

    private static IEnumerable<FaultPhase> Phases(string link)
    {
        TimeSpan length = TimeSpan.FromSeconds(s_long ? 20 : 2);
        LinkFault[] all =
        [
            LinkFault.Delayed(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(300)), LinkFault.Drip(200, 3), LinkFault.Limited(1000), LinkFault.Broken(Ending.Reset, 100),
            LinkFault.Broken(Ending.Truncate, 300), LinkFault.Broken(Ending.HalfClose, 200), LinkFault.Corrupt(0.01), LinkFault.BlackHole, LinkFault.Refuse,
        ];
        return link == s_names[^1] ? FaultPhase.Draw(Seed, 8, length / 5, all) : [new FaultPhase(length, all[Array.IndexOf(s_names, link)])];
    }
}
