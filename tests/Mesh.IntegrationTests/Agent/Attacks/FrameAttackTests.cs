using Mesh.IntegrationTests.Agent.Smuggling;

namespace Mesh.IntegrationTests.Agent.Attacks;

/// <summary>Frames of HTTP/2 that cost their sender less than the one who reads them. The long forms (MESH_LONG=1) take 20 seconds each.</summary>
[Collection(typeof(Attacked))]
public sealed class FrameAttackTests
{
    private const int Attackers = 2;

    private static readonly byte[] s_get = RawHttp2.Block((":method", "GET"), (":scheme", "http"), (":path", "/reset"), (":authority", "orders"));

    /// <summary>CVE-2023-44487: streams that are taken back as soon as they are begun.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Streams_ThatAreResetAtOnce_AreEnded(bool outbound) => AttackAsync(
        outbound,
        static stream => [.. Enumerable.Range(0, Flood.Streams).SelectMany(i => (byte[])[
            .. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, stream + (2 * i), s_get),
            .. RawHttp2.Frame(RawHttp2.Reset, 0, stream + (2 * i), [0, 0, 0, 8])])]);

    /// <summary>CVE-2025-8671: streams that the other side is made to reset, here by a window that overflows.</summary>
    [Fact]
    public Task Streams_ThatTheAgentIsMadeToReset_AreEnded() => AttackAsync(
        outbound: true,
        static stream => [.. Enumerable.Range(0, Flood.Streams).SelectMany(i => (byte[])[
            .. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, stream + (2 * i), s_get),
            .. RawHttp2.Frame(8, 0, stream + (2 * i), [0x7f, 0xff, 0xff, 0xff])])]);

    /// <summary>CVE-2024-27983 and its kin: headers that never end.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(16_000)]
    public Task Headers_ThatGoOnWithoutEnd_AreEnded(int size)
    {
        byte[] piece = size == 0 ? [] : RawHttp2.Block(("x", new string('y', size)));
        return AttackAsync(
            outbound: true,
            stream => [.. stream == 1 ? RawHttp2.Frame(RawHttp2.Headers, 0, 1, s_get) : [], .. Enumerable.Range(0, size > 1000 ? 10 : 1000).SelectMany(_ => RawHttp2.Frame(RawHttp2.Continuation, 0, 1, piece))]);
    }

    /// <summary>CVE-2019-9512 and CVE-2019-9515: what must be answered, in masses.</summary>
    [Theory]
    [InlineData(RawHttp2.Ping)]
    [InlineData(RawHttp2.Settings)]
    public Task Frames_ThatWantAnAnswer_HoldNobodyUp(byte type)
    {
        byte[] frames = [.. Enumerable.Range(0, 1000).SelectMany(_ => RawHttp2.Frame(type, 0, 0, type == RawHttp2.Ping ? new byte[8] : [0, 1, 0, 0, 0x10, 0]))];
        return AttackAsync(outbound: true, _ => frames);
    }

    /// <summary>CVE-2019-9518: data frames with nothing in them.</summary>
    [Fact]
    public Task Frames_WithNothingInThem_HoldNobodyUp()
    {
        byte[] post = RawHttp2.Block((":method", "POST"), (":scheme", "http"), (":path", "/empty"), (":authority", "orders"));
        byte[] frames = [.. Enumerable.Range(0, 1000).SelectMany(static _ => RawHttp2.Frame(RawHttp2.Data, 0, 1, []))];
        return AttackAsync(outbound: true, stream => [.. stream == 1 ? RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 1, post) : [], .. frames]);
    }

    private static async Task AttackAsync(bool outbound, Func<int, byte[]> burst)
    {
        await using AttackRig rig = await AttackRig.StartAsync();
        var flood = new Flood(outbound ? rig.Agent.Outbound : rig.Agent.Inbound, burst);

        AttackFigures figures = await rig.UnderAsync((isThere, end) =>
        {
            isThere();
            return Task.WhenAll(Enumerable.Range(0, Attackers).Select(_ => flood.RunAsync(end)));
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{flood.Bursts} bursts, {flood.Connections} connections");
        Assert.True(flood.Bursts > 10, $"only {flood.Bursts} bursts");
        AttackRig.Survived(figures, 100);
    }
}
