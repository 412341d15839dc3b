using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Discovery.Cache;

public sealed class CacheFileNameTests
{
    [Theory]
    [InlineData("orders", "orders-")]
    [InlineData("../../etc/passwd", "______etc_passwd-")]
    [InlineData("con.x", "con_x-")]
    [InlineData("Größe", "gr__e-")]
    [InlineData("", "-")]
    public void Of_AService_BeginsWithWhatCanBeReadOfIt(string service, string begin)
    {
        string name = CacheFileName.Of(service);

        Assert.StartsWith(begin, name, StringComparison.Ordinal);
        Assert.Equal(begin.Length + 16 + ".json".Length, name.Length);
    }

    [Fact]
    public void Of_AnyTwoServices_AreTwoFilesWithinTheFolder() => ForAny.Check(ArbMap.Default.ArbFor<(UnicodeString, UnicodeString)>(), static pair =>
    {
        (string first, string second) = (pair.Item1.Get ?? "", pair.Item2.Get ?? "");
        string name = CacheFileName.Of(first);

        Assert.Equal(first == second, name.Equals(CacheFileName.Of(second), StringComparison.OrdinalIgnoreCase));
        Assert.All(name, static c => Assert.True(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.'));
        Assert.InRange(name.Length, 22, 86);
        Assert.True(CacheFileName.IsOurs(name));
        Assert.False(CacheFileName.IsTemporary(name));
    });

    [Fact]
    public void Of_NamesThatDifferInTheirEndOnly_Differ()
    {
        string head = new('a', 300);

        Assert.NotEqual(CacheFileName.Of(head + "1"), CacheFileName.Of(head + "2"));
    }

    [Fact]
    public void Temporary_OfAFile_IsOursAndAnotherEachTime()
    {
        var random = new SeededRandom(1);
        string name = CacheFileName.Of("orders");
        string[] all = [.. Enumerable.Range(0, 100).Select(_ => CacheFileName.Temporary(name, random))];

        Assert.Equal(100, all.Distinct().Count());
        Assert.All(all, t => Assert.True(CacheFileName.IsOurs(t) && CacheFileName.IsTemporary(t) && t.StartsWith(name, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("settings.json")]
    [InlineData("orders-0123456789abcdeg.json")]
    [InlineData("orders-0123456789abcdef.json.bak")]
    [InlineData("orders0123456789abcdef.json")]
    [InlineData(".json")]
    [InlineData("notes.tmp")]
    public void IsOurs_OfOtherFiles_IsFalse(string name) => Assert.False(CacheFileName.IsOurs(name));
}
