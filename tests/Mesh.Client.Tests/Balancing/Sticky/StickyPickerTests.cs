using FsCheck.Fluent;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Sticky;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Balancing.Sticky;

public sealed class StickyPickerTests
{
    private static readonly RequestPart Cookie = new(RequestPartKind.Cookie, "route");
    private static readonly RequestPart Header = new(RequestPartKind.Header, "x-route");

    private readonly PickBench _bench = new("First", PickBench.Equal(5));

    private string Mark(int index) => StickyMark.Format(StickyMark.Of(_bench.Nodes[index].Endpoint));

    [Fact]
    public void Of_AnEndpoint_IsThatOfItsIdElseOfItsAddress()
    {
        Assert.Equal(StickyMark.Of(new MeshEndpoint("a", 1) { Id = "i" }), StickyMark.Of(new MeshEndpoint("b", 2) { Id = "i" }));
        Assert.NotEqual(StickyMark.Of(new MeshEndpoint("a", 1)), StickyMark.Of(new MeshEndpoint("a", 2)));
        Assert.Equal("44bc2cf5ad770999", StickyMark.Format(StickyMark.Of(new MeshEndpoint("b", 2) { Id = "abc" })));
    }

    [Fact]
    public void Pick_AKnownMark_GoesThere()
    {
        Assert.Equal(3, Pick(Cookie, $"route={Mark(3)}"));
        Assert.Equal(3, Pick(Header, Mark(3)));
        Assert.Equal(3, Pick(Header, $" {Mark(3).ToUpperInvariant()} "));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef")]
    [InlineData("route")]
    [InlineData("route=")]
    [InlineData("route=10.0.0.3:80")]
    [InlineData("route=-123456789abcdef")]
    [InlineData("route=0x23456789abcdef")]
    [InlineData("route= 123456789abcde ")]
    [InlineData("route=0123456789abcdef0")]
    [InlineData("=;;=;route;=route")]
    public void Pick_NoMarkOrOneOfNobody_LetsTheInnerPickerChoose(string value)
    {
        Assert.Equal(0, Pick(Cookie, value));
        Assert.Equal(0, Pick(Header, value));
    }

    [Fact]
    public void Pick_MuchTooLongValues_LetTheInnerPickerChoose()
    {
        Assert.Equal(0, Pick(Cookie, $"route={new string('a', 100_000)}"));
        Assert.Equal(4, Pick(Cookie, $"route={new string('a', 100_000)}; x={new string(';', 1000)}; route={Mark(4)}"));
    }

    [Fact]
    public void Pick_ManyCookiesAndHeaders_FindsTheMark()
    {
        Assert.Equal(2, Pick(Cookie, $"a=1; route={Mark(2)}; b=2"));
        Assert.Equal(2, Pick(Cookie, "a=1", $"b=2; route=\"{Mark(2)}\""));
        Assert.Equal(2, Pick(Cookie, $"xroute={Mark(1)}; route={Mark(2)}"));
        Assert.Equal(2, Pick(Header, "garbage", Mark(2)));
    }

    [Fact]
    public void Pick_SeveralMarks_TakesTheFirstThatCanBePicked()
    {
        Assert.Equal(2, Pick(Cookie, $"route=0123456789abcdef; route={Mark(2)}; route={Mark(1)}"));
        _bench.Eject(2);
        Assert.Equal(1, Pick(Cookie, $"route={Mark(2)}; route={Mark(1)}"));
    }

    [Fact]
    public void Pick_TheMarkedEjectedOrTried_LetsTheInnerPickerChoose()
    {
        Assert.Equal(0, Pick([_bench.Nodes[3]], Cookie, $"route={Mark(3)}"));
        _bench.Eject(3);
        Assert.Equal(0, Pick(Cookie, $"route={Mark(3)}"));
        _bench.Fleet.Heal(_bench.Nodes[3]);
        Assert.Equal(3, Pick(Cookie, $"route={Mark(3)}"));
    }

    [Fact]
    public void Pick_TheMarkedWarmsUp_GoesThereAllTheSame()
    {
        _bench.SlowStart = SlowStart.Of(new BalancingPolicy { SlowStart = TimeSpan.FromSeconds(30) }, _bench.Fleet.Clock.TimestampFrequency);
        _bench.Nodes[3].BeginWarmUp(_bench.Fleet.Now);

        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(3, Pick(Cookie, $"route={Mark(3)}")));
    }

    [Fact]
    public void Pick_AnyCookies_NeverThrowsAndNeverPicksAnEjectedOne()
    {
        _bench.Eject(1, 2);
        ForAny.Check(
            Gen.Elements([.. "route=;\" ,\u00fc\u20ac\0x".Select(static c => c.ToString()), "route", Mark(1), Mark(3), "; "]).ArrayOf().ToArbitrary(),
            parts => Assert.Contains(Pick(Cookie, string.Concat(parts)), (int[])[0, 3]));
    }

    [Fact]
    public void Pick_WithAMark_AllocatesNothing()
    {
        using HttpRequestMessage request = Request(Cookie, $"a=1; route={Mark(3)}");
        var picker = new StickyPicker(BuiltInBalancers.Create(new BalancingPolicy { Policy = "First" }, []).CreatePicker(_bench.Nodes), _bench.Nodes, Cookie);

        Assert.Equal(0, Allocated.Least(() => picker.Pick(new PickContext(request, 0, _bench.Random, false, null))));
    }

    private int Pick(RequestPart part, params string[] values) => Pick(null, part, values);

    private int Pick(List<EndpointNode>? tried, RequestPart part, params string[] values)
    {
        using HttpRequestMessage request = Request(part, values);
        var inner = BuiltInBalancers.Create(new BalancingPolicy { Policy = "First" }, []).CreatePicker(_bench.Nodes);
        var picker = new StickyPicker(inner, _bench.Nodes, part);
        return _bench.Nodes.IndexOf(picker.Pick(new PickContext(request, _bench.Fleet.Now, _bench.Random, false, tried, _bench.SlowStart))!);
    }

    private static HttpRequestMessage Request(RequestPart part, params string[] values)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        Array.ForEach(values, v => request.Headers.TryAddWithoutValidation(part.Kind is RequestPartKind.Cookie ? "Cookie" : part.Name, v));
        return request;
    }
}
