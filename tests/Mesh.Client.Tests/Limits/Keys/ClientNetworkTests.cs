using System.Net;
using Mesh.Client.Limits.Keys;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Limits.Keys;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", 32, 64, true)]
    [InlineData("10.1.2.3", "10.1.2.4", 32, 64, false)]
    [InlineData("10.1.2.3", "10.1.2.4", 24, 64, true)]
    [InlineData("10.1.2.3", "10.1.3.3", 23, 64, true)]
    [InlineData("10.1.2.3", "10.1.3.3", 24, 64, false)]
    [InlineData("10.1.2.3", "::ffff:10.1.2.3", 32, 64, true)]
    [InlineData("::ffff:10.1.2.3", "::ffff:10.1.2.4", 32, 64, false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 32, 64, true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 32, 64, false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 32, 48, true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::2", 32, 128, false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::3", 32, 127, false)]
    [InlineData("2001:db8:1:2::2", "2001:db8:1:2::3", 32, 127, true)]
    [InlineData("fe80::1%3", "fe80::1%4", 32, 128, true)]
    [InlineData("0.0.0.0", "::", 32, 64, false)]
    [InlineData("0.0.0.0", null, 32, 64, false)]
    public void Add_TwoAddresses_AreOneClientWithinAPrefix(string one, string? two, int prefix4, int prefix6, bool same)
    {
        var part = new LimitKeyPart(LimitKeyPartKind.Client, "", prefix4, prefix6);

        Assert.Equal(same, Hash(one, part) == Hash(two, part));
    }

    private static KeyHash Hash(string? address, LimitKeyPart part)
    {
        var hasher = new KeyHasher(new KeySeed(1, 2));
        ClientNetwork.Add(address is null ? null : IPAddress.Parse(address), part, ref hasher);
        return hasher.Finish();
    }
}
