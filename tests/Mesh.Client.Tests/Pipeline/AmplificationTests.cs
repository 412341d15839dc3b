namespace Mesh.Client.Tests.Pipeline;

public sealed class AmplificationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 60)]
    [InlineData(10, 60)]
    [InlineData(50, 60)]
    [InlineData(200, 20)]
    [InlineData(2000, 5)]
    public async Task SendAsync_EverythingFails_SendsNoMoreThanTheBudgetAllows(int callsPerSecond, int seconds)
    {
        using var mesh = new ScriptedMesh(static options => options.Retry.MaxAttempts = 10, ["10.0.0.1:80", "10.0.0.2:80"]);
        mesh[1].Reset().Always();
        mesh[2].RefuseConnection().Always();
        using HttpClient client = mesh.Client;
        var attempts = new List<int>();
        int calls = 0;

        for (int second = 0; second < seconds; second++)
        {
            for (int i = 0; i < callsPerSecond; i++)
            {
                calls++;
                await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync("http://orders/x", Token));
                mesh.Clock.Advance(TimeSpan.FromSeconds(1) / callsPerSecond);
            }

            attempts.Add(mesh[1].Calls + mesh[2].Calls);

            // Ten a second, the first ten of them there from the start.
            Assert.InRange(attempts[^1], calls, (1.2 * calls) + (10 * (second + 2)));
        }

        // The budget is used, not just kept: at one call a second all ten attempts would be within it.
        Assert.True(attempts[^1] >= 1.15 * calls, $"{attempts[^1]} attempts for {calls} calls");
    }

    [Fact]
    public async Task SendAsync_ManyAtOnce_ShareOneBudget()
    {
        using var mesh = new ScriptedMesh(static options => options.Retry.MaxAttempts = 10, ["10.0.0.1:80", "10.0.0.2:80"]);
        mesh[1].Reset().Always();
        mesh[2].Reset().Always();
        using HttpClient client = mesh.Client;

        const int Calls = 4000;
        await Parallel.ForAsync(0, Calls, Token, async (_, token) => await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync("http://orders/x", token)));

        Assert.InRange(mesh[1].Calls + mesh[2].Calls, Calls, (1.2 * Calls) + 10);
    }

    [Fact]
    public async Task SendAsync_BudgetIsZero_NeverSendsAgain()
    {
        using var mesh = new ScriptedMesh(
            static options =>
            {
                options.Retry.BudgetRatio = 0;
                options.Retry.BudgetMinPerSecond = 0;
            },
            ["10.0.0.1:80", "10.0.0.2:80"]);
        mesh[1].RefuseConnection();

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal(0, mesh[2].Calls);
    }
}
