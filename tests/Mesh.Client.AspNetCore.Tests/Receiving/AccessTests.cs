namespace Mesh.Client.AspNetCore.Tests.Receiving;

public sealed class AccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Access_NoRules_LetsAllIn()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync();

        Assert.Equal("saw /orders/1", await app.Client.GetStringAsync(new Uri("/orders/1", UriKind.Relative), Token));
    }

    [Fact]
    public async Task Access_FirstMatch_Decides()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync(
        [
            ("Access:0:Allow:Paths:0", "/open/**"),
            ("Access:1:Deny:Networks:0", "127.0.0.0/8"),
            ("Access:2:Allow:Paths:0", "/**"),
        ]);

        Assert.Equal(200, await app.StatusOfAsync("GET /open/x"));
        Assert.Equal(403, await app.StatusOfAsync("GET /other"));
    }

    [Theory]
    [InlineData("GET /orders/1", 200)]
    [InlineData("get /orders/1", 200)]
    [InlineData("PUT /orders/1", 403)]
    [InlineData("GET /other", 403)]
    public async Task Access_PartsOfARule_MustAllMatch(string line, int status)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Allow:Methods:0", "GET"), ("Access:0:Allow:Methods:1", "POST"), ("Access:0:Allow:Paths:0", "/orders/*")]);

        Assert.Equal(status, await app.StatusOfAsync(line));
    }

    [Theory]
    [InlineData("DELETE", 403)]
    [InlineData("delete", 403)]
    [InlineData("DeLeTe", 403)]
    [InlineData("GET", 200)]
    public async Task Access_DeniedMethod_IsDeniedHoweverItIsWritten(string method, int status)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Deny:Methods:0", "DELETE")]);

        Assert.Equal(status, await app.StatusOfAsync($"{method} /"));
    }

    [Theory]
    [InlineData("x-beta: 1", 200)]
    [InlineData("X-BETA: 1", 200)]
    [InlineData("x-beta: 2", 403)]
    [InlineData("x-beta: 1\r\nx-beta: 2", 403)]
    [InlineData("x-other: 1", 403)]
    public async Task Access_AllowByHeader_TakesOnlyWhatIsUnambiguous(string header, int status)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Allow:Headers:x-beta", "1")]);

        Assert.Equal(status, await app.StatusOfAsync("GET /", header));
    }

    [Theory]
    [InlineData("x-debug: 1", 403)]
    [InlineData("x-debug: 0\r\nX-Debug: 1", 403)]
    [InlineData("x-debug: 0", 200)]
    public async Task Access_DenyByHeader_SeesEveryLine(string header, int status)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Deny:Headers:x-debug", "1*")]);

        Assert.Equal(status, await app.StatusOfAsync("GET /", header));
    }

    [Theory]
    [InlineData("admin.local", 403)]
    [InlineData("ADMIN.local", 403)]
    [InlineData("admin.local:8080", 403)]
    [InlineData("admin.local.", 403)]
    [InlineData("other.local", 200)]
    public async Task Access_DenyByHost_SeesItHoweverItIsWritten(string host, int status)
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Deny:Headers:Host", "admin.local")]);
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Uri) { Headers = { Host = host } };

        using HttpResponseMessage response = await app.Client.SendAsync(request, Token);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Access_DryRunRule_OnlyLogs()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Name", "no-x"), ("Access:0:Deny:Paths:0", "/x"), ("Access:0:DryRun", "true")]);

        Assert.Equal(200, await app.StatusOfAsync("GET /x"));
        Assert.Contains("no-x would have denied GET /x", Assert.Single(app.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_AllDryRun_OnlyLogs()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Allow:Paths:0", "/x"), ("AccessDryRun", "true")]);

        Assert.Equal(200, await app.StatusOfAsync("GET /y"));
        Assert.Contains("DefaultAccess would have denied GET /y", Assert.Single(app.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_ManyRefused_LogsALineASecondAndNothingOfTheRequestBreaksIt()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("DefaultAccess", "Deny")]);

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(403, await app.StatusOfAsync("GET /a%0Ab" + new string('x', 1000)));
        }

        Assert.InRange(app.Log.Count, 1, 10);
        Assert.All(app.Log, static l => Assert.DoesNotContain('\n', l));
        Assert.All(app.Log, static l => Assert.InRange(l.Length, 1, 500));
    }

    [Fact]
    public async Task Access_ConfigurationChanges_IsFollowed()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Deny:Paths:0", "/x")]);
        Assert.Equal((403, 200), (await app.StatusOfAsync("GET /x"), await app.StatusOfAsync("GET /y")));

        app.Configuration["Mesh:Server:Access:0:Deny:Paths:0"] = "/y";
        app.Configuration.Reload();

        await app.AnswersAsync("GET /x", 200);
        Assert.Equal(403, await app.StatusOfAsync("GET /y"));
    }
}
