using Mesh.Client.Model;

namespace Mesh.Client.Tests.Limits.Keys;

public sealed class LimitKeyTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("service", "service")]
    [InlineData("header:X-Tenant+client", "header:x-tenant+client/32/64")]
    [InlineData(" route + query:Page + claim:sub ", "route+query:Page+claim:sub")]
    [InlineData("client/24", "client/24/64")]
    [InlineData("client/32/48+caller", "client/32/48+caller")]
    [InlineData("claim:http://schemas.example/name", "claim:http://schemas.example/name")]
    public void TryParse_RightKey_ReadsItsParts(string text, string expected)
    {
        Assert.True(LimitKey.TryParse(text, out LimitKey? key, out string? error), error);

        Assert.Equal(expected, key.ToString());
        Assert.True(LimitKey.TryParse(expected, out LimitKey? again, out _));
        Assert.Equal(key, again);
        Assert.Equal(key.GetHashCode(), again.GetHashCode());
    }

    [Theory]
    [InlineData("tenant", "'tenant' is no part of a key: write one of service,")]
    [InlineData("cookie:a", "'cookie:a' is no part of a key: write one of service,")]
    [InlineData("service++route", "'' is no part of a key")]
    [InlineData("header", "'header' names nothing: write header:NAME.")]
    [InlineData("query:", "'query:' names nothing: write query:NAME.")]
    [InlineData("header:x tenant", "'x tenant' is no name of a header")]
    [InlineData("client/0", "'client/0' is no part of a key: write client, client/24")]
    [InlineData("client/33", "'client/33'")]
    [InlineData("client/32/129", "'client/32/129'")]
    [InlineData("client/8/8/8", "'client/8/8/8'")]
    [InlineData("service+service", "'service' stands twice in 'service+service'")]
    [InlineData("query:a+query:b+query:c+query:d+query:e+query:f+query:g+query:h+query:i", "9 parts; at most 8")]
    public void TryParse_WrongKey_SaysWhatMayStandThere(string text, string error)
    {
        Assert.False(LimitKey.TryParse(text, out LimitKey? key, out string? actual));

        Assert.Null(key);
        Assert.Contains(error, actual, StringComparison.Ordinal);
    }

    [Fact]
    public void Equals_OtherOrderOrPart_IsAnotherKey()
    {
        Assert.NotEqual(Parse("service+route"), Parse("route+service"));
        Assert.NotEqual(Parse("client"), Parse("client/24"));
        Assert.Equal(new RateLimitPolicy { Key = Parse("caller") }, new RateLimitPolicy { Key = Parse("caller") });
        Assert.NotEqual(new RateLimitPolicy { Key = Parse("caller") }, new RateLimitPolicy { Key = Parse("route") });
    }

    private static LimitKey Parse(string text)
    {
        Assert.True(LimitKey.TryParse(text, out LimitKey? key, out string? error), error);
        return key;
    }
}
