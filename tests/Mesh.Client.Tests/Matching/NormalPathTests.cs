using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Matching;

namespace Mesh.Client.Tests.Matching;

/// <summary>Tricks by which paths got past the rules of proxies and frameworks, and what is left of them.</summary>
public sealed class NormalPathTests
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/orders/1", "/orders/1")]
    [InlineData("/orders/", "/orders/")]
    [InlineData("//admin", "/admin")]
    [InlineData("/public//admin", "/public/admin")]
    [InlineData("/./admin", "/admin")]
    [InlineData("/public/../admin", "/admin")]
    [InlineData("/public/%2e%2e/admin", "/admin")]
    [InlineData("/public/.%2E/admin", "/admin")]
    [InlineData("/public/..%2Fadmin", "/admin")]
    [InlineData("/public%2Fadmin", "/public/admin")]
    [InlineData("/public/..%5Cadmin", "/admin")]
    [InlineData("/public\\..\\admin", "/admin")]
    [InlineData("/public/..;/admin", "/admin")]
    [InlineData("/public/..;a=b/admin", "/admin")]
    [InlineData("/admin;x=1/users", "/admin/users")]
    [InlineData("/admin%3Bx/users", "/admin/users")]
    [InlineData("/;/admin", "/admin")]
    [InlineData("/%61dmin", "/admin")]
    [InlineData("/%2561dmin", "/admin")]
    [InlineData("/%25%36%31dmin", "/admin")]
    [InlineData("/a/%2%35%32%65%252e/admin", "/admin")]
    [InlineData("/public/%252e%252e%252fadmin", "/admin")]
    [InlineData("/public/%25252e%25252e%25252fadmin", "/admin")]
    [InlineData("/100%", "/100%")]
    [InlineData("/100%zz", "/100%zz")]
    [InlineData("/caf%C3%A9", "/café")]
    [InlineData("/%F0%9F%98%80", "/\U0001F600")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/a/...", "/a/...")]
    public void TryMake_Path_HasTheFormThatTheWorstReaderSees(string path, string expected)
    {
        Assert.True(NormalPath.TryMake(path, out string normal));
        Assert.Equal(expected, normal);
    }

    [Theory]
    [InlineData("/..")]
    [InlineData("/../etc/passwd")]
    [InlineData("/a/../../b")]
    [InlineData("/%2e%2e/b")]
    [InlineData("/..%5cwindows")]
    [InlineData("/a%00")]
    [InlineData("/a%2500b")]
    [InlineData("/..%c0%af..%c0%afetc")]
    [InlineData("/%e0%80%af")]
    [InlineData("/%ff")]
    [InlineData("/caf%E9")]
    [InlineData("/%C3")]
    [InlineData("admin")]
    public void TryMake_PathWithoutANormalForm_IsRefused(string path) => Assert.False(NormalPath.TryMake(path, out _));

    [Fact]
    public void TryMake_PlainPath_IsTheSameObject()
    {
        string path = string.Concat("/orders/", "1");

        Assert.True(NormalPath.TryMake(path, out string normal));
        Assert.Same(path, normal);
    }

    [Fact]
    public void TryMake_AnyPath_IsNormalAfterOnce() =>
        Prop.ForAll(
            Gen.Elements("/", "//", ".", "..", "%2e", "%2F", "%252f", "%5C", "\\", ";", "a", "B", "%", "25", "2f", "%C3%A9", "é", "%00", "\0").ArrayOf().Select(static parts => "/" + string.Concat(parts)).ToArbitrary(),
            static path =>
            {
                if (!NormalPath.TryMake(path, out string normal))
                {
                    return true;
                }

                string[] segments = normal.Split('/');
                return normal[0] == '/'
                    && !normal.AsSpan().ContainsAny("\\;\0")
                    && !segments.Any(static s => s is "." or "..")
                    && NormalPath.TryMake(normal, out string again)
                    && again == normal;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void TryMake_EncodedAThousandTimes_CostsNoMoreThanItsLength()
    {
        string path = "/%" + string.Concat(Enumerable.Repeat("25", 30_000)) + "61";

        Assert.True(NormalPath.TryMake(path, out string normal));
        Assert.Equal("/a", normal);
    }
}
