using System.Net;
using Mesh.Client.Matching;

namespace Mesh.Client.Tests.Matching;

public sealed class NetworkSetTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.1.2.3", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("10.0.0.7", "10.0.0.7", true)]
    [InlineData("10.0.0.7", "10.0.0.8", false)]
    [InlineData("0.0.0.0/0", "1.2.3.4", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("::1", "::1", true)]
    public void Contains_Address_IsWhatTheNetworkSays(string network, string address, bool contains) =>
        Assert.Equal(contains, NetworkSet.Parse([network]).Contains(NetworkSet.Canonical(IPAddress.Parse(address))));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("0x7f.1")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.1/8")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::ffff:0.0.0.0/64")]
    [InlineData("orders")]
    public void TryParse_NoNetwork_SaysWhatToWrite(string text) => Assert.NotNull(NetworkSet.TryParse(text, out _));

    [Fact]
    public void Equals_SameNetworks_IsEqual()
    {
        Assert.Equal(NetworkSet.Parse(["10.0.0.0/8", "::1"]), NetworkSet.Parse(["10.0.0.0/8", "::1/128"]));
        Assert.NotEqual(NetworkSet.Parse(["10.0.0.0/8"]), NetworkSet.Empty);
    }
}
