using Mesh.Client.Options.Checking;

namespace Mesh.Client.Tests.Options;

public sealed class EndpointAddressTests
{
    [Theory]
    [InlineData("http://10.0.0.1:8080", "http", "10.0.0.1", 8080)]
    [InlineData("https://orders-1.internal", "https", "orders-1.internal", 443)]
    [InlineData("HTTP://Orders_1", "http", "orders_1", 80)]
    [InlineData("http://a:8080/", "http", "a", 8080)]
    [InlineData(" http://a:8080 ", "http", "a", 8080)]
    [InlineData("10.0.0.1:8080", null, "10.0.0.1", 8080)]
    [InlineData("localhost:1", null, "localhost", 1)]
    [InlineData("orders-1", null, "orders-1", 0)]
    [InlineData("http://[::1]:80", "http", "::1", 80)]
    [InlineData("[2001:DB8:0::1]:65535", null, "2001:db8::1", 65535)]
    [InlineData("https://[::1]", "https", "::1", 443)]
    public void Parse_Address_TakesItApart(string text, string? scheme, string host, int port)
    {
        Assert.Null(EndpointAddress.Parse(text, out EndpointAddress address));
        Assert.Equal(new EndpointAddress(scheme, host, port), address);
    }

    [Theory]
    [InlineData("", "host name")]
    [InlineData("http://", "host name")]
    [InlineData("http:///", "host name")]
    [InlineData("http://:80", "host name")]
    [InlineData("://a", "scheme")]
    [InlineData("ftp://a", "scheme")]
    [InlineData("https+http://a", "scheme")]
    [InlineData("http://a/b", "path")]
    [InlineData("http://a//", "path")]
    [InlineData("a/", "path")]
    [InlineData("http://a?b", "query")]
    [InlineData("http://a#b", "query")]
    [InlineData("http://user@a", "user")]
    [InlineData("http://user:password@a:1", "user")]
    [InlineData("http:\\\\a", "path")]
    [InlineData("a:0", "port")]
    [InlineData("a:65536", "port")]
    [InlineData("a:", "port")]
    [InlineData("a:+1", "port")]
    [InlineData("a:99999999999", "port")]
    [InlineData("http://a:b", "port")]
    [InlineData("::1", "brackets")]
    [InlineData("::1:80", "brackets")]
    [InlineData("[::1", "brackets")]
    [InlineData("[::1]80", "brackets")]
    [InlineData("[::1]:80:80", "brackets")]
    [InlineData("[]:80", "host name")]
    [InlineData("[a]:80", "host name")]
    [InlineData("[10.0.0.1]:80", "host name")]
    [InlineData("10.0.0.256:80", "host name")]
    [InlineData("010.0.0.1:80", "host name")]
    [InlineData("1:80", "host name")]
    [InlineData("a b:80", "host name")]
    [InlineData("a..b:80", "host name")]
    [InlineData("münchen:80", "host name")]
    public void Parse_Malformed_SaysWhatIsWrong(string text, string word)
    {
        Assert.Contains(word, EndpointAddress.Parse(text, out _), StringComparison.Ordinal);
    }
}
