using Mesh.IntegrationTests.Agent.Servers;
using Mesh.IntegrationTests.Agent.Smuggling.Cases;

namespace Mesh.IntegrationTests.Agent.Smuggling;

/// <summary>Bytes that the agent and the server behind it might read differently, over HTTP/1.1: both read the same requests, or none is passed on.</summary>
public sealed class SmugglingTests(SmugglingRig rig)
{
    private static readonly SmugglingCase[] s_all = [.. LengthCases.All, .. ChunkCases.All, .. TargetCases.All, .. HeaderCases.All];

    public static TheoryData<string, string> Names() => [.. from listener in new[] { "outbound", "inbound" } from c in s_all select (listener, c.Name)];

    [Theory]
    [MemberData(nameof(Names), DisableDiscoveryEnumeration = true)]
    public async Task Bytes_OfAnyKind_AreReadAlikeOrRefused(string listener, string name)
    {
        SmugglingCase odd = s_all.Single(c => c.Name == name);
        string path = rig.NextPath();
        string host = SmugglingRig.Service(listener);
        using RawSocket connection = await RawSocket.OpenAsync(await rig.PortAsync(listener));

        await connection.SendAsync(odd.Bytes.Replace("{i}", path, StringComparison.Ordinal).Replace("{h}", host, StringComparison.Ordinal) + $"GET {path}/next HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        string text = await connection.ReadToEndAsync();

        RawResponse[] answers = RawResponse.ReadAll(text);
        if (odd.Ends && answers is [.., { Status: >= 400 }])
        {
            answers = answers[..^1];
        }

        RequestSeen next = new("GET", "/next");
        RequestSeen[] served = [.. odd.Seen];
        int refused = odd.Seen.Length == 0 ? 1 : 0;
        if (odd.Refusal == 0)
        {
            answers = [new RawResponse(0, text), .. answers];
        }

        if (refused == 1)
        {
            Assert.True(answers.Length > 0 && answers[0].Status == odd.Refusal, $"Not refused with {odd.Refusal}: {text}");
        }

        if ((refused == 1 && answers.Length == 2) || (refused == 0 && !odd.Ends))
        {
            served = [.. served, next];
        }

        Assert.Equal(served.Select(s => (200, $"{s.Method} {path}{s.Path} {host}")), answers.Skip(refused).Select(static a => (a.Status, a.Body)));
        SeenRequest[] seen = await rig.SeenAsync(listener, path);
        Assert.Equal(served.Select(s => (s.Method, path + s.Path, host, s.Body)), seen.Where(static s => s.Status == "200").Select(static s => (s.Method, s.Path, s.Host, s.Body)));

        // A request that was cut off has a line that can be read; a line that cannot is what was smuggled.
        Assert.All(seen, s => Assert.StartsWith($"{path}/", s.Path, StringComparison.Ordinal));
        Assert.InRange(seen.Length, served.Length, served.Length + refused);
    }

    [Fact]
    public void Cases_OfThisTest_AreMany()
    {
        Assert.Equal(s_all.Length, s_all.Select(static c => c.Name).Distinct().Count());
        Assert.InRange(s_all.Length, 150, int.MaxValue);
    }
}
