using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Balancing.Hashing;

public sealed class RequestKeyTests
{
    private static readonly LocalPolicy Local = new() { Service = "web", Instance = "web-7" };

    [Theory]
    [InlineData("http://orders/a/b?user=7", "/a/b")]
    [InlineData("http://orders", "/")]
    [InlineData("http://orders/a%20b#part", "/a%20b")]
    [InlineData("http://orders/a b?x", "/a%20b")]
    public void Of_ThePath_IsThatOfThePathWithoutTheQuery(string uri, string text) => Assert.Equal(XxHash64.Hash(text), Of(uri, RequestPartKind.Path));

    [Theory]
    [InlineData("http://orders/?user=7", "7")]
    [InlineData("http://orders/?a=1&user=7&b=2", "7")]
    [InlineData("http://orders/?user=7&user=8", "7")]
    [InlineData("http://orders/?user=a=b", "a=b")]
    [InlineData("http://orders/?user=%C3%BC#x", "ü")]
    [InlineData("http://orders/?us%65r=a+b", "a b")]
    [InlineData("http://orders/?xuser=1&user=7", "7")]
    [InlineData("http://orders/?user&user=7", null)]
    [InlineData("http://orders/", null)]
    [InlineData("http://orders/?", null)]
    [InlineData("http://orders/?user=", null)]
    [InlineData("http://orders/?USER=7", null)]
    [InlineData("http://orders/?user", null)]
    [InlineData("http://orders/?&&=&", null)]
    [InlineData("http://orders/user=7", null)]
    [InlineData("http://orders/#user=7", null)]
    public void Of_AQueryValue_IsThatOfTheFirstOfItsName(string uri, string? text) => Assert.Equal(Hash(text), Of(uri, RequestPartKind.Query, "user"));

    [Theory]
    [InlineData("7", "7")]
    [InlineData("7|8", "7, 8")]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Of_AHeader_IsThatOfItsValuesAsOnTheWire(string? values, string? text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        Array.ForEach(values?.Split('|') ?? [], v => request.Headers.TryAddWithoutValidation("x-user", v));

        Assert.Equal(Hash(text), RequestKey.Of(request, new RequestPart(RequestPartKind.Header, "X-User"), Local));
    }

    [Theory]
    [InlineData("s=7", "7")]
    [InlineData("a=1; s=7; b=2", "7")]
    [InlineData("a=1;s=\"7\"", "7")]
    [InlineData("s = 7 ", "7")]
    [InlineData("s=7; s=8", "7")]
    [InlineData("a=1|s=7", "7")]
    [InlineData("s=a=b", "a=b")]
    [InlineData("S=1; xs=2; s", null)]
    [InlineData("s=", null)]
    [InlineData(";;=;", null)]
    [InlineData("s=\"", "\"")]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Of_ACookie_IsThatOfTheFirstOfItsName(string? headers, string? text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        Array.ForEach(headers?.Split('|') ?? [], v => request.Headers.TryAddWithoutValidation("Cookie", v));

        Assert.Equal(Hash(text), RequestKey.Of(request, new RequestPart(RequestPartKind.Cookie, "s"), Local));
    }

    [Theory]
    [InlineData("shop", "web", "shop")]
    [InlineData(null, "web", "web")]
    [InlineData(null, "", "web-7")]
    [InlineData("", "", "web-7")]
    public void Of_TheCaller_IsWhoSaysSoElseThisServiceElseThisProcess(string? header, string service, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("x-mesh-caller", header);
        }

        Assert.Equal(Hash(text), RequestKey.Of(request, new RequestPart(RequestPartKind.Caller), Local with { Service = service }));
    }

    [Theory]
    [InlineData(RequestPartKind.Header, "x-user")]
    [InlineData(RequestPartKind.Cookie, "s")]
    [InlineData(RequestPartKind.Query, "user")]
    [InlineData(RequestPartKind.Path, "")]
    [InlineData(RequestPartKind.Caller, "")]
    [InlineData(RequestPartKind.Header, "x-missing")]
    public void Of_AnyPart_AllocatesNothing(object kind, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/today?user=7");
        request.Headers.Add("x-user", "7");
        request.Headers.Add("Cookie", "a=1; s=7");
        var part = new RequestPart((RequestPartKind)kind, name);

        Assert.Equal(0, Allocated.Least(() => RequestKey.Of(request, part, Local)));
    }

    private static ulong? Hash(string? text) => text is null ? null : XxHash64.Hash(text);

    private static ulong? Of(string uri, RequestPartKind kind, string name = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        return RequestKey.Of(request, new RequestPart(kind, name), Local);
    }
}
