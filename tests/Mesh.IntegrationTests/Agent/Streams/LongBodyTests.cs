using System.Globalization;
using System.Net;
using Mesh.IntegrationTests.Agent.Attacks;
using Mesh.IntegrationTests.Agent.Servers;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Agent.Streams;

/// <summary>Bodies of 100 MB, or of 1 GB in the long form (MESH_LONG=1), cross a real agent and leave nothing in it.</summary>
[Collection(typeof(Attacked))]
public sealed class LongBodyTests
{
    private const double Megabyte = 1024 * 1024;

    // The windows of HTTP/2 and what the collector has not looked at yet.
    private const double Growth = 60;

    private static readonly long s_length = AttackRig.IsLong ? 1L << 30 : 100L << 20;

    [Theory]
    [InlineData("up", "1.1")]
    [InlineData("up", "2.0")]
    [InlineData("down", "1.1")]
    [InlineData("down", "2.0")]
    [InlineData("both", "2.0")]
    public async Task Body_OfAnyLength_LeavesNothingInTheAgent(string way, string version)
    {
        await using StreamServer orders = await StreamServer.StartAsync(version == "1.1" ? HttpProtocols.Http1 : HttpProtocols.Http2);
        await using AgentProcess agent = await AgentProcess.StartAsync(("Mesh:Services:orders:Endpoints:0:Address", orders.Address), ("Mesh:Services:orders:Transport:HttpVersion", version == "1.1" ? "1.1" : "2"));
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };

        // What the first bytes take is not the length's.
        await SendAsync(client, agent, way, version, 4 << 20);
        long before = agent.Resident;
        long peak = await SendAsync(client, agent, way, version, s_length);

        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{s_length >> 20} MB {way} by HTTP/{version}: memory {before / Megabyte:F0} MB before, {peak / Megabyte:F0} MB at most"));
        Assert.InRange((peak - before) / Megabyte, double.MinValue, Growth);
    }

    private static async Task<long> SendAsync(HttpClient client, AgentProcess agent, string way, string version, long length)
    {
        long peak = 0;
        using var request = new HttpRequestMessage(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{agent.Outbound}/{(way == "down" ? length : way == "both" ? "echo" : 0)}"))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = way == "down" ? null : new MadeContent(length),
        };
        request.Headers.Host = "orders";
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using Stream body = await answer.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[64 * 1024];
        long received = 0;
        long looked = 0;
        while (await body.ReadAsync(buffer) is var read and > 0)
        {
            received += read;
            if (received - looked > length / 50)
            {
                looked = received;
                peak = Math.Max(peak, agent.Resident);
            }
        }

        Assert.Equal(way == "up" ? length.ToString(CultureInfo.InvariantCulture) : null, answer.Headers.TryGetValues("x-bytes", out IEnumerable<string>? values) && way == "up" ? values.Single() : null);
        Assert.Equal(way == "up" ? 0 : length, received);
        return Math.Max(peak, agent.Resident);
    }

    /// <summary>A body that is made while it is sent.</summary>
    private sealed class MadeContent(long size) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            byte[] piece = new byte[64 * 1024];
            for (long left = size; left > 0; left -= piece.Length)
            {
                await stream.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
