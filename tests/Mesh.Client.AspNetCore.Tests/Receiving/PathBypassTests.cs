namespace Mesh.Client.AspNetCore.Tests.Receiving;

/// <summary>
/// Ways around path rules that were found in others: Envoy (CVE-2019-9901, CVE-2021-29492), Istio (CVE-2021-31920, CVE-2021-39156), Spring Security (CVE-2016-5007,
/// CVE-2016-9879, CVE-2022-22978), nginx (off by slash, merge_slashes). Sent as raw bytes to a real Kestrel.
/// </summary>
public sealed class PathBypassTests : IAsyncLifetime
{
    private ReceivingApp _denies = null!;
    private ReceivingApp _allows = null!;

    public async ValueTask InitializeAsync()
    {
        _denies = await ReceivingApp.StartAsync([("Access:0:Deny:Paths:0", "/admin/**")]);
        _allows = await ReceivingApp.StartAsync([("Access:0:Allow:Paths:0", "/public/**")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _denies.DisposeAsync();
        await _allows.DisposeAsync();
    }

    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/")]
    [InlineData("/admin/x")]
    [InlineData("/Admin/x")]
    [InlineData("/ADMIN")]
    [InlineData("//admin/x")]
    [InlineData("///admin")]
    [InlineData("/./admin/x")]
    [InlineData("/x/../admin")]
    [InlineData("/x/%2e%2e/admin")]
    [InlineData("/x/.%2e/admin")]
    [InlineData("/x/..%2fadmin")]
    [InlineData("/x/..%252fadmin")]
    [InlineData("/x/..%5cadmin")]
    [InlineData("/x/..\\admin")]
    [InlineData("/x\\..\\admin")]
    [InlineData("/%2fadmin")]
    [InlineData("/%5cadmin")]
    [InlineData("\\admin")]
    [InlineData("/%61dmin")]
    [InlineData("/%2561dmin")]
    [InlineData("/%252561dmin")]
    [InlineData("/admin;x=1/users")]
    [InlineData("/admin%3bx=1/users")]
    [InlineData("/;x/admin")]
    [InlineData("/x/..;/admin")]
    [InlineData("/admin%2fx")]
    [InlineData("/admin/..%2fpublic/x")]
    [InlineData("/public/%2e%2e%2fadmin")]
    [InlineData("/admin?x=/public")]
    [InlineData("/admin%00")]
    [InlineData("/admin%2500")]
    [InlineData("/admin/x%c0%afy")]
    [InlineData("http://other/admin")]
    [InlineData("http://other//admin")]
    public async Task Deny_WayAround_IsNone(string target)
    {
        Assert.NotEqual(200, await _denies.StatusOfAsync($"GET {target}"));
    }

    [Theory]
    [InlineData("/admin")]
    [InlineData("/publicx")]
    [InlineData("/public/../admin")]
    [InlineData("/public/%2e%2e/admin")]
    [InlineData("/public/..%2fadmin")]
    [InlineData("/public/..%252fadmin")]
    [InlineData("/public/..%5cadmin")]
    [InlineData("/public/..\\admin")]
    [InlineData("/public/..;/admin")]
    [InlineData("/public/..;x=1/admin")]
    [InlineData("/admin/..%2fpublic/x")]
    [InlineData("/admin%2f..%2fpublic/x")]
    [InlineData("/admin/..;/public/x")]
    [InlineData("/admin/..%5cpublic/x")]
    [InlineData("/admin\\..\\public")]
    [InlineData("//public/x")]
    [InlineData("/%2fpublic/x")]
    [InlineData("/public;/x")]
    [InlineData("/public/..%c0%afadmin")]
    [InlineData("/public/..%2f..%2fx")]
    [InlineData("/public%00/admin")]
    [InlineData("/admin?/public/")]
    [InlineData("/admin%3f/public/")]
    [InlineData("/admin%23/public/")]
    public async Task Allow_WayIn_IsNone(string target)
    {
        Assert.NotEqual(200, await _allows.StatusOfAsync($"GET {target}"));
    }

    [Theory]
    [InlineData("/public")]
    [InlineData("/public/")]
    [InlineData("/public/a/b")]
    [InlineData("/Public/a")]
    [InlineData("/public/a%20b")]
    [InlineData("/public/caf%C3%A9")]
    [InlineData("/public/x/../y")]
    [InlineData("/public/100%25")]
    [InlineData("/public/a%2Fb")]
    [InlineData("/public/x?q=../../admin")]
    public async Task Allow_HonestPath_IsIn(string target)
    {
        Assert.Equal(200, await _allows.StatusOfAsync($"GET {target}"));
    }

    [Theory]
    [InlineData("/x/..%2f..%2fy", 400)]
    [InlineData("/%c0%ae%c0%ae/x", 400)]
    public async Task Path_WithoutANormalForm_IsABadRequest(string target, int status)
    {
        Assert.Equal(status, await _denies.StatusOfAsync($"GET {target}"));
    }

    [Fact]
    public async Task Path_OfARequestThatIsLetIn_IsWhatTheServerMadeOfIt()
    {
        Assert.Contains("\r\nsaw /public/a%2Fb;v=1\r\n", await _denies.RawAsync("GET /public/a%2Fb;v=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_NoRuleLooksAtPaths_IsNobodysBusiness()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("Access:0:Deny:Methods:0", "PUT")]);

        Assert.Equal(200, await app.StatusOfAsync("GET /x/..%2f..%2fy"));
    }
}
