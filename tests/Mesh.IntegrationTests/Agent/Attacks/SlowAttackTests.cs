namespace Mesh.IntegrationTests.Agent.Attacks;

/// <summary>Many connections that want little. The long forms (MESH_LONG=1) take 20 seconds each and wait for the agent to end what is too slow.</summary>
[Collection(typeof(Attacked))]
public sealed class SlowAttackTests
{
    private const int Many = 10_000;
    private const int Some = 1_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_ThatSayNothing_CostLittle(bool outbound)
    {
        await using AttackRig rig = await AttackRig.StartAsync();
        using var crowd = new Crowd();

        AttackFigures figures = await rig.UnderAsync(async (isThere, end) =>
        {
            await crowd.GatherAsync(outbound ? rig.Agent.Outbound : rig.Agent.Inbound, Many, "");
            isThere();
            await Task.Delay(Timeout.Infinite, end);
        });

        AttackRig.Survived(figures, 150);
    }

    [Fact]
    public async Task Connections_ThatSaidSomethingOnce_CostLittle()
    {
        await using AttackRig rig = await AttackRig.StartAsync();
        using var crowd = new Crowd();

        AttackFigures figures = await rig.UnderAsync(async (isThere, end) =>
        {
            await crowd.GatherAsync(rig.Agent.Outbound, Many, "GET / HTTP/1.1\r\nHost: nobody\r\n\r\n");
            isThere();
            await Task.Delay(Timeout.Infinite, end);
        });

        AttackRig.Survived(figures, 250);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: orders\r\n", "X: 1\r\n")]
    [InlineData("", "G")]
    [InlineData("PRI * HTTP/2.0\r\n", "")]
    public async Task Headers_ThatComeSlowly_HoldNobodyUp(string begin, string piece)
    {
        await using AttackRig rig = await AttackRig.StartAsync();
        using var crowd = new Crowd();

        AttackFigures figures = await rig.UnderAsync(async (isThere, end) =>
        {
            await crowd.GatherAsync(rig.Agent.Outbound, Some, begin);
            isThere();
            await crowd.TrickleAsync(piece, end);
        });

        AttackRig.Survived(figures, 60);
        if (AttackRig.IsLong && piece.Length > 0)
        {
            Assert.All(await crowd.ReadToEndAsync(), answer => Assert.DoesNotContain(" 200 ", answer, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Content-Length: 1000000\r\n\r\n", "x")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n")]
    public async Task Bodies_ThatComeSlowly_HoldNobodyUp(string framing, string piece)
    {
        await using AttackRig rig = await AttackRig.StartAsync();
        using var crowd = new Crowd();

        AttackFigures figures = await rig.UnderAsync(async (isThere, end) =>
        {
            await crowd.GatherAsync(rig.Agent.Outbound, Some, "POST /slow HTTP/1.1\r\nHost: orders\r\n" + framing);
            isThere();
            await crowd.TrickleAsync(piece, end);
        });

        AttackRig.Survived(figures, 150);
    }
}
