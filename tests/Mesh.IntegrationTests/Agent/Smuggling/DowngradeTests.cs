using System.Text;
using Mesh.IntegrationTests.Agent.Servers;
using Mesh.IntegrationTests.Agent.Smuggling.Cases;

namespace Mesh.IntegrationTests.Agent.Smuggling;

/// <summary>Requests of HTTP/2 that go on as HTTP/1.1: the server behind reads the same request, or it is refused by 400, or by the end of the stream or the connection.</summary>
public sealed class DowngradeTests(SmugglingRig rig)
{
    public static TheoryData<string, string> Names() => [.. from listener in new[] { "outbound", "inbound" } from c in Http2Cases.All select (listener, c.Name)];

    [Theory]
    [MemberData(nameof(Names), DisableDiscoveryEnumeration = true)]
    public async Task Request_OfAnyKind_IsReadAlikeOrRefused(string listener, string name)
    {
        Http2Case odd = Http2Cases.All.Single(c => c.Name == name);
        string path = rig.NextPath();
        string host = SmugglingRig.Service(listener);
        using RawHttp2 connection = await RawHttp2.OpenAsync(await rig.PortAsync(listener));

        await SendAsync(connection, odd, Fill);
        await connection.SendAsync(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, 3, RawHttp2.Block((":method", "GET"), (":scheme", "http"), (":path", $"{path}/next"), (":authority", host)));
        Dictionary<int, RawResponse> answers = await connection.ReadAllAsync(1, 3);

        List<RequestSeen> served = [];
        if (odd.Seen is { } seen)
        {
            Assert.Equal(new RawResponse(200, $"{seen.Method} {path}{seen.Path} {host}"), answers[1]);
            served.Add(seen);
        }
        else
        {
            Assert.True(answers[1].Status is 0 or 400 or 405, $"Not refused: {answers[1]}");
        }

        // Where the whole connection was refused, the next request has no answer.
        if (odd.Seen is not null || answers[3].Status != 0)
        {
            Assert.Equal(new RawResponse(200, $"GET {path}/next {host}"), answers[3]);
            served.Add(new RequestSeen("GET", "/next"));
        }

        SeenRequest[] all = await rig.SeenAsync(listener, path);
        Assert.Equal(served.Select(s => (s.Method, path + s.Path, host, s.Body)).Order(), all.Where(static s => s.Status == "200").Select(static s => (s.Method, s.Path, s.Host, s.Body)).Order());
        Assert.All(all, s => Assert.StartsWith($"{path}/", s.Path, StringComparison.Ordinal));

        string Fill(string text) => text.Replace("{i}", path, StringComparison.Ordinal).Replace("{h}", host, StringComparison.Ordinal);
    }

    private static async Task SendAsync(RawHttp2 connection, Http2Case odd, Func<string, string> fill)
    {
        byte[] block = RawHttp2.Block([.. odd.Headers.Select(h => (h.Name, fill(h.Value)))]);
        await connection.SendAsync(RawHttp2.Headers, (byte)(RawHttp2.EndHeaders | (odd.Body is null ? RawHttp2.EndStream : 0)), 1, block);
        if (odd.Body is { } body)
        {
            bool isLast = odd.Trailers.Length == 0;
            await connection.SendAsync(RawHttp2.Data, isLast ? RawHttp2.EndStream : (byte)0, 1, Encoding.Latin1.GetBytes(fill(body)));
            if (!isLast)
            {
                await connection.SendAsync(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, 1, RawHttp2.Block(odd.Trailers));
            }
        }
    }
}
