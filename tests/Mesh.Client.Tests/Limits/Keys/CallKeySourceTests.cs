using Mesh.Client.Limits.Keys;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Limits.Keys;

public sealed class CallKeySourceTests
{
    private static readonly KeySeed Seed = new(1, 2);

    [Theory]
    [InlineData("header:x-tenant", "x-tenant", "a", "b")]
    [InlineData("caller", "x-mesh-caller", "a", "b")]
    public void Read_Header_TellsItsValuesApart(string key, string header, string one, string two)
    {
        Assert.Equal(Read(key, header, one), Read(key, header.ToUpperInvariant(), one));
        Assert.NotEqual(Read(key, header, one), Read(key, header, two));
        Assert.NotEqual(Read(key, header, one), Read(key, "other", one));
    }

    [Fact]
    public void Read_MissingOrEmptyPart_IsOneKeyForAll()
    {
        Assert.Equal(Read("header:x-tenant", "other", "1"), Read("header:x-tenant", "another", "2"));
        Assert.Equal(Read("header:x-tenant", "other", "1"), Read("header:x-tenant", "x-tenant", ""));
        Assert.NotEqual(Read("header:x-tenant", "other", "1"), Read("header:x-tenant", "x-tenant", "1"));
    }

    [Theory]
    [InlineData("http://orders/?a=1&id=7", "http://orders/x?id=7&id=8", true)]
    [InlineData("http://orders/?id=7", "http://orders/?id=8", false)]
    [InlineData("http://orders/?id=7", "http://orders/?xid=7", false)]
    [InlineData("http://orders/", "http://orders/?id=", true)]
    [InlineData("http://orders/?id", "http://orders/", true)]
    [InlineData("http://orders/?id=7#id=8", "http://orders/?id=7", true)]
    public void Read_Query_TakesTheFirstValueOfTheName(string one, string two, bool same) =>
        Assert.Equal(same, Read("query:id", new Uri(one)) == Read("query:id", new Uri(two)));

    [Fact]
    public void Read_SeveralParts_TellsEachApart()
    {
        LimitKey key = Parse("service+route+header:x-a");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.Add("x-a", "1");

        KeyHash[] hashes =
        [
            KeyReader.Read(key, new CallKeySource(request, "orders", "r", new LocalPolicy()), Seed),
            KeyReader.Read(key, new CallKeySource(request, "orders", "", new LocalPolicy()), Seed),
            KeyReader.Read(key, new CallKeySource(request, "r", "orders", new LocalPolicy()), Seed),
            KeyReader.Read(Parse("service+header:x-a+route"), new CallKeySource(request, "orders", "r", new LocalPolicy()), Seed),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void Read_CallWithoutACaller_IsThisProcess()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        LimitKey key = Parse("caller");

        Assert.Equal(Read("caller", "x-mesh-caller", "web"), KeyReader.Read(key, new CallKeySource(request, "orders", "", new LocalPolicy { Service = "web" }), Seed));
        Assert.Equal(Mesh.Client.Inbound.InboundHeaders.Caller, CallKeySource.CallerHeader);
    }

    [Fact]
    public void Read_SimpleParts_AllocatesNothing()
    {
        LimitKey key = Parse("service+route+caller+header:x-a+query:id");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://orders/?id=7"));
        request.Headers.TryAddWithoutValidation("x-a", "1");
        var local = new LocalPolicy();
        KeyReader.Read(key, new CallKeySource(request, "orders", "r", local), Seed);
        long before = GC.GetAllocatedBytesForCurrentThread();

        KeyReader.Read(key, new CallKeySource(request, "orders", "r", local), Seed);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static KeyHash Read(string key, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.TryAddWithoutValidation(header, value);
        return KeyReader.Read(Parse(key), new CallKeySource(request, "orders", "", new LocalPolicy()), Seed);
    }

    private static KeyHash Read(string key, Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        return KeyReader.Read(Parse(key), new CallKeySource(request, "orders", "", new LocalPolicy()), Seed);
    }

    private static LimitKey Parse(string text)
    {
        Assert.True(LimitKey.TryParse(text, out LimitKey? key, out string? error), error);
        return key;
    }
}
