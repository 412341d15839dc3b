using Mesh.Client.Model;

namespace Mesh.Client.Tests.Options;

public sealed class LaneRuleOptionsTests
{
    [Fact]
    public void Lanes_OfTheServer_AreRead()
    {
        ServerPolicy policy = ConfigurationFixture.Compile(
            ("Server:Lanes:0:Name", " blue "),
            ("Server:Lanes:0:Match:Headers:x-beta", "1"),
            ("Server:Lanes:1:Name", "canary"),
            ("Server:Lanes:1:Match:Prefix", "/new"),
            ("Server:Lanes:1:Match:Fraction", "0.05"),
            ("Server:Lanes:1:Key", "cookie:user")).Server;

        Assert.Equal([("blue", 1.0, null), ("canary", 0.05, new RequestPart(RequestPartKind.Cookie, "user"))], policy.Lanes.Items.Select(static l => (l.Lane, l.Fraction, l.Key)));
        Assert.Equal(("x-beta", "/new", 1.0), (policy.Lanes.Items[0].Match.Headers.Items.Single().Name, policy.Lanes.Items[1].Match.Prefix, policy.Lanes.Items[1].Match.Fraction));
    }

    [Theory]
    [InlineData("Name", "a b", "Server:Lanes:0:Name = \"a b\" is no name of a lane")]
    [InlineData("Name", "", "Server:Lanes:0:Name")]
    [InlineData("Key", "body:x", "Server:Lanes:0:Key")]
    [InlineData("Match:Lane", "*", "the rules are for requests that are in no lane yet")]
    [InlineData("Match:Fraction", "1.5", "Server:Lanes:0:Match:Fraction")]
    [InlineData("Match:PathRegex", "(", "Server:Lanes:0:Match:PathRegex")]
    [InlineData("Percent", "5", "Server:Lanes:0:Percent")]
    public void Lanes_ThatAreWrong_AreRefusedByTheirKey(string key, string value, string error)
    {
        (string, string?)[] entries = key == "Name" ? [("Server:Lanes:0:Name", value), ("Server:Lanes:0:Key", "path")] : [("Server:Lanes:0:Name", "blue"), ($"Server:Lanes:0:{key}", value)];

        Assert.Contains(error, Assert.Single(ConfigurationFixture.Errors(entries)), StringComparison.Ordinal);
    }
}
