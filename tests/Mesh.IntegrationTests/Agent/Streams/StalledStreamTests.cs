using System.Globalization;
using System.Net;
using Mesh.IntegrationTests.Agent.Attacks;
using Mesh.IntegrationTests.Agent.Servers;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Agent.Streams;

/// <summary>Programs that read a stream fast and then no more: what the service sends ahead meanwhile is the service's to keep.</summary>
[Collection(typeof(Attacked))]
public sealed class StalledStreamTests
{
    private const int Megabyte = 1 << 20;
    private const int Streams = 16;
    private const int Looks = 20;

    // Up to 16 MB each, as .NET has it by itself, was 74 MB on a busy machine and can be 256 MB.
    private const double Growth = 60;

    [Fact]
    public async Task Streams_ThatNobodyReadsOn_HoldLittle()
    {
        await using StreamServer orders = await StreamServer.StartAsync(HttpProtocols.Http2);
        await using AgentProcess agent = await AgentProcess.StartAsync(("Mesh:Services:orders:Endpoints:0:Address", orders.Address), ("Mesh:Services:orders:Transport:HttpVersion", "2"));
        using var client = new HttpClient(new SocketsHttpHandler { EnableMultipleHttp2Connections = false }) { Timeout = Timeout.InfiniteTimeSpan };
        List<HttpResponseMessage> left = [await ReadAsync(client, agent, 4 * Megabyte)];
        long before = agent.Resident;

        for (int i = 0; i < Streams; i++)
        {
            // One after another, so that each is read as fast as it can be, for which its window grows.
            left.Add(await ReadAsync(client, agent, 64 * Megabyte));
        }

        long peak = before;
        for (int i = 0; i < Looks; i++)
        {
            peak = Math.Max(peak, agent.Resident);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }

        left.ForEach(static r => r.Dispose());
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{Streams} streams: memory {before / Megabyte} MB before, {peak / Megabyte} MB at most"));
        Assert.InRange((peak - before) / (double)Megabyte, double.MinValue, Growth);
    }

    // The response is left as it is, as by a program that has something else to do.
    private static async Task<HttpResponseMessage> ReadAsync(HttpClient client, AgentProcess agent, long length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{agent.Outbound}/{4096L * Megabyte}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = "orders";
        HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Stream body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        byte[] buffer = new byte[64 * 1024];
        for (long left = length; left > 0;)
        {
            left -= await body.ReadAsync(buffer, TestContext.Current.CancellationToken);
        }

        return answer;
    }
}
