using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Discovery.Cache;

/// <summary>What is read is what was written, or nothing.</summary>
public sealed class CacheFormatTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly CachedAnswer Full = new(
        "Consul",
        new EndpointSet(
            [
                new MeshEndpoint("10.0.0.1", 8080),
                new MeshEndpoint("::1", 0)
                {
                    Scheme = "https",
                    Weight = 65535,
                    Locality = new Locality("eu", "eu-1"),
                    Labels = LabelSet.Create([new("version", "v2"), new("naïve \"}\u0001", "")]),
                    Id = "orders-7\n",
                },
            ],
            "18446744073709551616"),
        Now - TimeSpan.FromMinutes(3),
        Now);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        CachedAnswer? read = CacheFormat.Read(CacheFormat.Write("orders", Full), "orders", Now, out string? fault);

        Assert.Null(fault);
        CacheFixture.AssertSame(Full.Set.Endpoints, read?.Set.Endpoints);
        Assert.Equal(Full with { Set = read!.Set }, read);
        Assert.Equal(Full.Set.Revision, read.Set.Revision);
    }

    [Fact]
    public void CachedEndpoint_HasAllThatAnEndpointHas() => Assert.Equal(
        ["Host", "Id", "Labels", "Locality", "Port", "Scheme", "Weight"],
        typeof(MeshEndpoint).GetProperties().Where(static p => p.CanWrite).Select(static p => p.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Read_AnyEndpoints_AreTheSame()
    {
        // Half a surrogate pair is no text, and JSON cannot hold it.
        Gen<string?> text = ArbMap.Default.GeneratorFor<UnicodeString>().Select(static s => (string?)string.Concat((s.Get ?? "").Where(static c => !char.IsSurrogate(c)))).OrNull();
        Arbitrary<MeshEndpoint[]> endpoints = (
            from host in Gen.Choose(0, 255)
            from port in Gen.Choose(0, 65535)
            from weight in Gen.Choose(1, 65535)
            from scheme in Gen.Elements<string?>(null, "http", "https")
            from id in text
            from region in text
            from key in text
            from value in text
            select new MeshEndpoint($"10.0.0.{host}", port)
            {
                Weight = weight,
                Scheme = scheme,
                Id = id,
                Locality = new Locality(region ?? "", key ?? ""),
                Labels = key is null ? LabelSet.Empty : LabelSet.Create([new(key, value ?? "")]),
            }).ArrayOf().ToArbitrary();

        ForAny.Check(endpoints, all =>
        {
            if (all.Length > 0)
            {
                CachedAnswer? read = CacheFormat.Read(CacheFormat.Write("orders", new CachedAnswer("Dns", new EndpointSet([.. all]), Now)), "orders", Now, out string? fault);
                Assert.Null(fault);
                CacheFixture.AssertSame([.. all], read?.Set.Endpoints);
            }
        });
    }

    [Fact]
    public void Read_WithAnyOneBitFlipped_IsRefusedOrStillTheSame()
    {
        // A flip of the line's end into other white space leaves the answer as it was.
        byte[] content = CacheFormat.Write("orders", Full);
        int refused = 0;
        for (int bit = 0; bit < content.Length * 8; bit++)
        {
            byte[] flipped = [.. content];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            CachedAnswer? read = CacheFormat.Read(flipped, "orders", Now, out string? fault);

            Assert.Equal(read is null, fault is not null);
            refused += read is null ? 1 : 0;
            if (read is not null)
            {
                CacheFixture.AssertSame(Full.Set.Endpoints, read.Set.Endpoints);
            }
        }

        Assert.InRange(refused, (content.Length * 8) - 8, content.Length * 8);
    }

    [Fact]
    public void Read_TornAtAnyByte_IsRefused()
    {
        // The line's end may be missing: nothing is lost with it.
        byte[] content = CacheFormat.Write("orders", Full);
        for (int length = 0; length < content.Length - 1; length++)
        {
            Assert.Null(CacheFormat.Read(content.AsSpan(0, length), "orders", Now, out string? fault));
            Assert.NotNull(fault);
            byte[] hole = [.. content.AsSpan(0, length), .. new byte[content.Length - length]];
            Assert.Null(CacheFormat.Read(hole, "orders", Now, out _));
        }
    }

    [Fact]
    public void Read_AnyBytes_DoesNotThrow() => ForAny.Check(
        ArbMap.Default.ArbFor<byte[]>(), static bytes => Assert.Null(CacheFormat.Read(bytes, "orders", Now, out _)));

    [Theory]
    [InlineData("""{"format":2,"answer":{"a":1}}""", "has format 2, which a later version wrote; this one reads up to 1")]
    [InlineData("""{"format":0}""", "has the unknown format 0")]
    [InlineData("""{"format":"one"}""", "is no file of this format, or torn")]
    [InlineData("""{"format":99999999999}""", "is no file of this format, or torn")]
    [InlineData("""{"format":1,"checksum":"00","answer":{}}""", "does not match its checksum")]
    [InlineData("""{"format":1} {}""", "is no file of this format, or torn")]
    [InlineData("[]", "names no format")]
    [InlineData("null", "names no format")]
    [InlineData("", "is no file of this format, or torn")]
    public void Read_AnotherFile_SaysWhatIsWrong(string content, string expected)
    {
        Assert.Null(CacheFormat.Read(Encoding.UTF8.GetBytes(content), "orders", Now, out string? fault));

        Assert.Equal(expected, fault);
    }

    [Fact]
    public void Read_TheFileOfAnotherService_IsRefused()
    {
        Assert.Null(CacheFormat.Read(CacheFormat.Write("orders", Full), "basket", Now, out string? fault));

        Assert.Equal("is about another service, \"orders\"", fault);
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(24.01, false)]
    public void Read_FromTheFuture_IsRefusedBeyondADay(double hours, bool read)
    {
        byte[] content = CacheFormat.Write("orders", Full with { AsOf = Now + TimeSpan.FromHours(hours) });

        Assert.Equal(read, CacheFormat.Read(content, "orders", Now, out string? fault) is not null);
        Assert.Equal(!read, fault?.Contains("ahead of this machine's clock", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("", 80, 1, "has no endpoint")]
    [InlineData("10.0.0.1", 65536, 1, "cannot be used: 10.0.0.1 has port 65536, which is not from 0 to 65535")]
    [InlineData("http://x", 80, 1, "cannot be used: host \"http://x\" is neither a host name nor an IP address without brackets")]
    [InlineData("10.0.0.1", 80, 70000, "cannot be used: 10.0.0.1:80 has weight 70000")]
    public void Read_EndpointsThatNoSourceMaySay_AreRefused(string host, int port, int weight, string expected)
    {
        EndpointSet set = new(host.Length == 0 ? [] : [new MeshEndpoint(host, port) { Weight = weight }]);

        Assert.Null(CacheFormat.Read(CacheFormat.Write("orders", new CachedAnswer("Dns", set, Now)), "orders", Now, out string? fault));

        Assert.StartsWith(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "less than 1 min")]
    [InlineData(3, "3 min")]
    [InlineData(119, "1 h")]
    [InlineData(47 * 60, "47 h")]
    [InlineData(49 * 60, "2 days")]
    public void Describe_AtAnyAge_SaysIt(int minutes, string age) =>
        Assert.Equal($"Cache (Consul, {age} old when read)", new CachedAnswer("Consul", Full.Set, Now).Describe(Now + TimeSpan.FromMinutes(minutes)));
}
