using System.Diagnostics.CodeAnalysis;
using Mesh.Client.Options.Tree;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.Tests.Options;

public sealed class SizeTests
{
    [Fact]
    public void Start_OneValueOfTenMillionCharacters_IsOneError()
    {
        AssertTooLarge(ConfigurationFixture.Errors(("Services:orders:Timeout", new string('9', 10_000_000)), ("Nonsense", "1")));
    }

    [Fact]
    public void Start_OneKeyOfTenMillionCharacters_IsOneError()
    {
        AssertTooLarge(ConfigurationFixture.Errors((new string('k', 10_000_000), "1")));
    }

    [Fact]
    public void Start_TenMillionCharactersInManyServices_IsOneError()
    {
        AssertTooLarge(ConfigurationFixture.Errors([.. Enumerable.Range(0, 250_000).Select(static i => ($"Services:service{i:D8}:Timeout", (string?)"00:00:01"))]));
    }

    [Fact]
    public void Start_KeyOfAMillionLevels_IsReported()
    {
        string[] errors = ConfigurationFixture.Errors((string.Join(':', Enumerable.Repeat("a", 1_000_000)), "1"));

        Assert.StartsWith("Mesh:a is no key of the mesh", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_ManyServices_AsksTheProviderForChildrenOnlyOnce()
    {
        // Each question scans the whole provider, so one for each section would make the work quadratic.
        MutableSource source = ConfigurationFixture.Source([.. Enumerable.Range(0, 100_000).Select(static i => ($"Services:s{i}:Timeout", (string?)"00:00:01"))]);
        using var fixture = new ConfigurationFixture(source);

        Assert.Equal(100_000, fixture.Start().Current.Services.Count);
        Assert.InRange(source.ChildKeyCalls, 1, 4);
    }

    [Fact]
    public void Start_LongListInheritedByManyServices_IsCompiledAndComparedOnce()
    {
        (string, string?)[] entries =
        [
            .. Enumerable.Range(0, 30_000).Select(static i => ($"Defaults:Endpoints:{i}:Address", (string?)$"h{i}:1")),
            .. Enumerable.Range(0, 30_000).Select(static i => ($"Services:s{i}", (string?)null)),
        ];
        MutableSource source = ConfigurationFixture.Source(entries);
        using var fixture = new ConfigurationFixture(source);
        var configuration = fixture.Start();
        Model.MeshPolicy before = configuration.Current;

        source.Touch();
        fixture.Settle();

        Assert.Same(before, configuration.Current);
        Assert.True(before.For("s1").Endpoints == before.For("s2").Endpoints);
    }

    [Fact]
    public void Start_ManyErrors_AreFoundInOnePass()
    {
        string[] errors = ConfigurationFixture.Errors([.. Enumerable.Range(0, 100_000).Select(static i => ($"Services:s{i}:{i}", (string?)"1"))]);

        Assert.Equal("and 99900 more", errors[^1]);
    }

    [Fact]
    public void Start_LargeForeignProvider_IsOneErrorAfterABoundedWalk()
    {
        var source = new ForeignSource([.. Enumerable.Range(0, ConfigLayer.MaxWalked).Select(static i => $"s{i}")]);
        using var fixture = new ConfigurationFixture();
        IConfigurationRoot root = new ConfigurationBuilder().Add(source).Build();
        fixture.Setup.Section = root.GetSection("Mesh");

        string error = Assert.Single(Assert.Throws<Client.Options.MeshOptionsException>(() => fixture.Start(root)).Failures);

        Assert.Contains("has more than 10000 keys", error, StringComparison.Ordinal);
        Assert.InRange(source.Questions, 1, ConfigLayer.MaxWalked);
    }

    [Fact]
    public void Start_ForeignProvider_IsWalked()
    {
        using var fixture = new ConfigurationFixture();
        IConfigurationRoot root = new ConfigurationBuilder().Add(new ForeignSource(["orders", "stock"])).Build();
        fixture.Setup.Section = root.GetSection("Mesh");

        Assert.Equal(["orders", "stock"], fixture.Start(root).Current.Services.Keys.Order());
    }

    private static void AssertTooLarge(string[] errors) =>
        Assert.StartsWith("Mesh has more than 4194304 characters of keys and values and is not read further", Assert.Single(errors), StringComparison.Ordinal);

    /// <summary>A provider with nothing but the interface: services without settings.</summary>
    private sealed class ForeignSource(string[] services) : IConfigurationProvider, IConfigurationSource
    {
        public int Questions { get; private set; }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
        {
            Questions++;
            return parentPath switch { "Mesh" => ["Services"], "Mesh:Services" => services, _ => [] };
        }

        public bool TryGet(string key, [MaybeNullWhen(false)] out string? value)
        {
            value = null;
            return false;
        }

        public IChangeToken GetReloadToken() => new ConfigurationReloadToken();

        public void Load()
        {
        }

        public void Set(string key, string? value) => throw new NotSupportedException();
    }
}
