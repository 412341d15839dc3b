using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Options;

public sealed class RandomSectionTests
{
    private static readonly string[] s_parts =
    [
        "AttachToAllClients", "Discovery", "Sources", "EmptyGrace", "DnsRefresh", "Defaults", "Services", "services", "orders", "http", "https", "Endpoints", "0", "1", "Address", "Weight",
        "Region", "Zone", "Labels", "Timeout", "AttemptTimeout", "LoadBalancing", "Policy", "PanicThreshold", "CircuitBreaker", "BreakDuration", "FailureRatio", "Transport", "HttpVersion",
        "Decompression", "HostHeader", "Retry", "On", "MaxAttempts", "BaseDelay", "", " ", "ö", "\ud800", "\0", "10.0.0.1",
    ];

    private static readonly string?[] s_values =
    [
        null, "", " ", "true", "0", "1", "-1", "00:00:01", "-00:00:01", "99999999.00:00:00", "1e400", "NaN", "http://a:1", "[::1]:1", "[", "]", ":", "://", "[]:", "http://[", "a:1", "Dns",
        "Random", "GZip,", ",", "2", "502", "reset", "\ud800", "\0", "10675199.02:48:05.4775808",
    ];

    [Fact]
    public void Start_AnySectionOfStrings_CompilesOrSaysWhy()
    {
        int good = 0;
        int bad = 0;
        Prop.ForAll(Sections(), entries =>
        {
            MutableSource source = new([.. entries.DistinctBy(static e => e.Key, StringComparer.OrdinalIgnoreCase)]);
            using var fixture = new ConfigurationFixture(source);
            try
            {
                Assert.NotNull(fixture.Start().Current);
                good++;
            }
            catch (MeshOptionsException exception)
            {
                Assert.NotEmpty(exception.Failures);
                Assert.All(exception.Failures, static f => Assert.DoesNotContain(f, char.IsControl));
                bad++;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

        Assert.True(good > 10 && bad > 10, $"{good} good and {bad} bad sections are too few of one kind to show anything.");
    }

    private static Arbitrary<(string Key, string? Value)[]> Sections()
    {
        Gen<string> part = Gen.Frequency((20, Gen.Elements(s_parts)), (1, ArbMap.Default.GeneratorFor<string>().Select(static s => s ?? "")));
        Gen<string> key =
            from start in Gen.Elements("Mesh:", "Mesh:", "Mesh:", "services:")
            from shape in Gen.Elements("", "Services:orders:", "Services:orders:", "Services:orders:Endpoints:0:", "Services:orders:Retry:", "Defaults:", "Discovery:")
            from rest in part.NonEmptyListOf().Where(static l => l.Count < 7)
            select start + shape + string.Join(':', rest);
        Gen<string?> value = Gen.Frequency((10, Gen.Elements(s_values)), (1, ArbMap.Default.GeneratorFor<string?>()));
        Gen<(string Key, string? Value)> entry =
            from k in key
            from v in value
            select (k, v);
        return Gen.Sized(size => entry.ArrayOf(size % 12)).ToArbitrary();
    }
}
