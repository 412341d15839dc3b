using System.Collections.Concurrent;
using System.Globalization;
using Mesh.IntegrationTests.Grpc.Messages;
using Mesh.IntegrationTests.Grpc.Peers;
using Mesh.IntegrationTests.Grpc.Support;
using Mesh.IntegrationTests.Wire;

namespace Mesh.IntegrationTests.Grpc.Scale;

/// <summary>Three foreign servers behind one name, each with a trouble of its own.</summary>
[Collection(typeof(OnTheWire))]
public sealed class GrpcFleetTests(ITestOutputHelper output)
{
    private const int Callers = 8;

    private static readonly int s_calls = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? 10_000 : 2_000;

    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("LeastRequest")]
    public async Task Unary_OneKilledOneSlowOneGoingAwayEachSecond_AllAreAnswered(string policy)
    {
        await using GrpcPeer killed = await GrpcPeer.StartAsync(PeerKind.Node, new() { Name = "killed" });
        await using GrpcPeer slow = await GrpcPeer.StartAsync(PeerKind.Python, new() { Name = "slow" });
        await using GrpcPeer going = await GrpcPeer.StartAsync(PeerKind.Node, new() { Name = "going", GoawayMs = 1000 });
        await slow.SetAsync(new Plan { DelayMs = 15 });
        using GrpcCaller mesh = GrpcMesh.Create(
            [killed.Address, slow.Address, going.Address],
            null,
            o => (o.LoadBalancing.Policy, o.Retry.NonIdempotent) = (policy, true));
        ConcurrentDictionary<string, int> answered = new();
        ConcurrentBag<string> failed = [];
        int begun = 0;
        long start = TimeProvider.System.GetTimestamp();

        async Task CallAsync()
        {
            for (int i = Interlocked.Increment(ref begun); i <= s_calls; i = Interlocked.Increment(ref begun))
            {
                if (i == s_calls / 2)
                {
                    killed.Kill();
                }

                GrpcReply<SimpleResponse> reply = await mesh.UnaryAsync(TestService.UnaryCall, new SimpleRequest { FillServerId = true, ResponseSize = 100 });
                if (reply.Code is GrpcCode.OK)
                {
                    answered.AddOrUpdate(reply.Message!.ServerId, 1, static (_, n) => n + 1);
                }
                else
                {
                    failed.Add(string.Create(CultureInfo.InvariantCulture, $"{i}: {reply.Code} {reply.Detail}"));
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(CallAsync)));

        string spread = string.Join(", ", answered.OrderBy(static a => a.Key, StringComparer.Ordinal).Select(static a => string.Create(CultureInfo.InvariantCulture, $"{a.Key} {a.Value}")));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{policy}: {s_calls} calls in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s, {failed.Count} failed; {spread}"));
        Assert.Empty(failed);
        Assert.Equal((3, s_calls), (answered.Count, answered.Values.Sum()));
    }
}
