using Mesh.Client.Options.Checking;

namespace Mesh.Client.Tests.Options;

public sealed class NearestNameTests
{
    private static readonly string[] s_known = ["Timeout", "AttemptTimeout", "Retry", "Transport", "Endpoints"];

    [Theory]
    [InlineData("timeout", "Timeout")]
    [InlineData("Timout", "Timeout")]
    [InlineData("Timeuot", "Timeout")]
    [InlineData("Retries", "Retry")]
    [InlineData("Endpoint", "Endpoints")]
    [InlineData("AtemptTimeout", "AttemptTimeout")]
    [InlineData("Trasnport", "Transport")]
    public void Of_SlipOfThePen_IsTheNameThatWasMeant(string name, string meant) => Assert.Equal(meant, NearestName.Of(name, s_known));

    [Fact]
    public void Of_VeryLongName_IsNone() => Assert.Null(NearestName.Of(new string('t', 100_000), s_known));

    [Fact]
    public void Of_NothingKnown_IsNone() => Assert.Null(NearestName.Of("Timeout", []));
}
