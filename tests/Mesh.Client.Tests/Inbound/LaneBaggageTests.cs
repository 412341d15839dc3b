using FsCheck.Fluent;
using Mesh.Client.Inbound;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Inbound;

public sealed class LaneBaggageTests
{
    [Theory]
    [InlineData("mesh-lane=blue", "blue")]
    [InlineData("a=b,mesh-lane=blue", "blue")]
    [InlineData(" mesh-lane = blue ;p=1;q , a=b", "blue")]
    [InlineData("\tmesh-lane\t=\tblue\t", "blue")]
    [InlineData("MESH-Lane=blue", "blue")]
    [InlineData("mesh-lane=bl%75e%2D1", "blue-1")]
    [InlineData("mesh-lane=a,mesh-lane=b", "a")]
    [InlineData("x;mesh-lane=no,mesh-lane=yes", "yes")]
    [InlineData("mesh-lane=", "")]
    [InlineData("mesh-lane=a b", "")]
    [InlineData("mesh-lane=a/b,mesh-lane=c", "")]
    [InlineData("mesh-lane=%zz", "")]
    [InlineData("mesh-lane=%0d%0aevil", "")]
    [InlineData("mesh-lane", null)]
    [InlineData("xmesh-lane=blue", null)]
    [InlineData("a=mesh-lane=blue", null)]
    [InlineData("", null)]
    [InlineData(",,=,;", null)]
    public void TryFind_ALine_IsTheFirstMemberOfThatNameDecoded(string line, string? lane)
    {
        bool found = LaneBaggage.TryFind(line, out ReadOnlySpan<char> value);

        Assert.Equal(lane, found ? value.ToString() : null);
    }

    [Fact]
    public void TryFind_ALongName_IsOneUpTo128Characters()
    {
        Assert.True(LaneBaggage.TryFind("mesh-lane=" + new string('a', 128), out ReadOnlySpan<char> longest));
        Assert.Equal(128, longest.Length);
        Assert.True(LaneBaggage.TryFind("mesh-lane=" + new string('a', 129), out ReadOnlySpan<char> tooLong));
        Assert.True(tooLong.IsEmpty);
        Assert.True(LaneBaggage.TryFind("mesh-lane=" + string.Concat(Enumerable.Repeat("%61", 100_000)), out tooLong));
        Assert.True(tooLong.IsEmpty);
    }

    [Theory]
    [InlineData("", "mesh-lane=blue")]
    [InlineData("a=b", "mesh-lane=blue,a=b")]
    [InlineData("a = b , c=d;p=1;q", "mesh-lane=blue,a = b,c=d;p=1;q")]
    [InlineData("mesh-lane=old,a=b, MESH-LANE = older;p", "mesh-lane=blue,a=b")]
    [InlineData("bad,,=x, ;y, a=%20,é=ü", "mesh-lane=blue,bad,=x,;y,a=%20,é=ü")]
    public void Put_OtherMembers_StayAsTheyAre(string members, string expected) => Assert.Equal(expected, LaneBaggage.Put(members, "blue"));

    [Fact]
    public void Put_BeyondTheLimits_DropsWholeMembersFromTheEnd()
    {
        string many = string.Join(',', Enumerable.Range(0, 100).Select(static i => $"k{i}=v"));
        string large = string.Join(',', Enumerable.Range(0, 10).Select(static i => $"k{i}={new string('é', 500)}"));

        string[] kept = LaneBaggage.Put(many, "blue").Split(',');
        string[] fits = LaneBaggage.Put(large, "blue").Split(',');

        Assert.Equal((64, "mesh-lane=blue", "k62=v"), (kept.Length, kept[0], kept[^1]));
        Assert.Equal((9, "k7=" + new string('é', 500)), (fits.Length, fits[^1]));
    }

    [Theory]
    [InlineData("mesh-lane=blue", "")]
    [InlineData("a=b, mesh-lane=blue;p=1, c=d", "a=b, c=d")]
    [InlineData("a=b", "a=b")]
    public void Without_ALane_LeavesTheOthers(string members, string expected) => Assert.Equal(expected, LaneBaggage.Without(members));

    [Fact]
    public void Put_AnyHeader_NamesTheLaneOnceAndKeepsEachOther() => ForAny.Check(
        Gen.Elements("a=b", "mesh-lane=x", "Mesh-Lane = y;p", "bad", "", " ", "c=d;e=f;g", "=", "é", "mesh-lane").ListOf().ToArbitrary(),
        static members =>
        {
            string result = LaneBaggage.Put(string.Join(',', members), "blue");

            Assert.True(LaneBaggage.TryFind(result, out ReadOnlySpan<char> lane));
            Assert.Equal("blue", lane.ToString());
            Assert.Equal(
                members.Select(static m => m.Trim()).Where(static m => m.Length > 0 && !LaneBaggage.IsLane(m)).Take(63).Prepend("mesh-lane=blue"),
                result.Split(','));
        });
}
