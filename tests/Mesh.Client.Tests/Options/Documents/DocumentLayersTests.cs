using System.Globalization;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Options.Documents;

namespace Mesh.Client.Tests.Options.Documents;

/// <summary>Documents over the configuration and beneath code.</summary>
public sealed class DocumentLayersTests
{
    private const string TwoSeconds = """{ "Timeout": "00:00:02" }""";

    [Fact]
    public void Document_OfAService_CountsMoreThanTheConfigurationAndLessThanCode()
    {
        using var fixture = new DocumentFixture(
            ConfigurationFixture.Source(("Services:orders:Timeout", "00:00:09"), ("Services:orders:AttemptTimeout", "00:00:08"), ("Services:orders:Retry:MaxAttempts", "5")),
            static code => code.ConfigureServices.Add(new("orders", static o => o.Retry.MaxAttempts = 7)));

        fixture.Write(("orders", """
            {
              // A comment is fine, and so is a comma at the end.
              "Timeout": "00:00:02", "Retry": { "MaxAttempts": 2, },
            }
            """));

        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8), 7), (fixture.Orders.Timeout, fixture.Orders.AttemptTimeout, fixture.Orders.Retry.MaxAttempts));
        Assert.Equal(PolicyDocumentState.InForce, fixture.State("orders"));
        Assert.Empty(fixture.Refusals);
    }

    [Fact]
    public void Document_ThatIsWhole_SetsDefaultsAndServices()
    {
        using var fixture = new DocumentFixture();

        fixture.Write(("_all", """{ "Defaults": { "Timeout": "00:00:05" }, "Services": { "stock": { "Timeout": "00:00:03" }, "Orders": { "Timeout": "00:00:04" } } }"""), ("orders", TwoSeconds));

        Assert.Equal([5, 3, 2], [fixture.Policy.Defaults.Timeout.TotalSeconds, fixture.Policy.For("stock").Timeout.TotalSeconds, fixture.Orders.Timeout.TotalSeconds]);
    }

    [Fact]
    public void Document_WithoutKeys_NamesTheService()
    {
        using var fixture = new DocumentFixture();

        fixture.Write(("orders", "{}"));

        Assert.True(fixture.Policy.Services.ContainsKey("orders"));
    }

    [Fact]
    public void Document_WithAList_GivesItWhole()
    {
        using var fixture = new DocumentFixture(ConfigurationFixture.Source(
            ("Services:orders:Endpoints:0:Address", "http://a:1"), ("Services:orders:Endpoints:1:Address", "http://b:1"), ("Services:orders:Endpoints:2:Address", "http://c:1"),
            ("Services:orders:Retry:On:0", "502"), ("Services:orders:Retry:On:1", "503")));

        fixture.Write(("orders", """{ "Endpoints": [ { "Address": "http://d:1" } ], "Retry": { "On": [] } }"""));

        Assert.Equal("d:1", Assert.Single(fixture.Orders.Endpoints).Authority);
        Assert.Empty(fixture.Orders.Retry.StatusCodes);
    }

    [Fact]
    public void Document_ThatIsDeleted_GivesTheConfigurationBackAtOnce()
    {
        using var fixture = new DocumentFixture(ConfigurationFixture.Source(("Services:orders:Timeout", "00:00:09")));
        fixture.Write(("orders", TwoSeconds), ("stock", TwoSeconds));

        fixture.Write(("orders", null), ("stock", null));

        Assert.Equal(TimeSpan.FromSeconds(9), fixture.Orders.Timeout);
        Assert.False(fixture.Policy.Services.ContainsKey("stock"));
        Assert.Empty(fixture.Source.Status);
        Assert.Empty(fixture.Logger.Of(1002));
    }

    [Theory]
    [InlineData("orders", "{ \"Timeout\": ", "cannot be read as JSON")]
    [InlineData("orders", "[ 1 ]", "cannot be read as JSON")]
    [InlineData("orders", "{ \"Timeout\": \"00:00:01\", \"timeout\": \"00:00:02\" }", "cannot be read as JSON")]
    [InlineData("orders", " ", "is empty")]
    [InlineData("orders", "{ \"Timout\": \"00:00:01\" }", "Mesh:Services:orders:Timout = \"00:00:01\" is no key of the mesh; did you mean \"Timeout\"?")]
    [InlineData("orders", "{ \"Timeout\": \"60\" }", "bare number")]
    [InlineData("orders", "{ \"LoadBalancing\": { \"Policy\": \"Best\" } }", "Mesh:Services:orders:LoadBalancing:Policy = \"Best\"")]
    [InlineData("orders", "{ \"CircuitBreaker\": { \"BreakDuration\": \"00:06:00\" } }", "is longer than MaxBreakDuration")]
    [InlineData("orders:Retry", "{ }", "\"orders:Retry\" is not a host name")]
    [InlineData("team/orders", "{ }", "\"team/orders\" is not a host name")]
    [InlineData("_all", "{ \"Defaults\": { }, \"Discovery\": { \"CacheDirectory\": \"/etc\" } }", "Discovery is not for a policy document, which sets nothing but Defaults and Services")]
    [InlineData("_all", "{ \"Consul:Address\": \"http://x\" }", "Consul is not for a policy document")]
    [InlineData("_all", "{ \"\": 1 }", "is not for a policy document")]
    [InlineData("_all", "{ \"Services\": { \"127.0.0.1\": { } } }", "is never a service of the mesh")]
    [InlineData("_all", "{ \"Services\": 5 }", "is a section, not a value")]
    public void Document_ThatIsBad_IsRefusedWithItsKeyAndErrorAndOthersApply(string key, string json, string words)
    {
        using var fixture = new DocumentFixture();

        fixture.Write((key, json), ("stock", TwoSeconds));

        string refusal = Assert.Single(fixture.Refusals);
        Assert.Contains($"Store: the policy document {key} is refused, and the configuration applies without it", refusal, StringComparison.Ordinal);
        Assert.Contains(words, refusal, StringComparison.Ordinal);
        Assert.Equal(PolicyDocumentState.Refused, fixture.State(key));
        Assert.Equal(TimeSpan.FromSeconds(2), fixture.Policy.For("stock").Timeout);
        Assert.Empty(fixture.Logger.Of(1001));
    }

    [Fact]
    public void Document_ThatIsTooLong_IsRefused()
    {
        using var fixture = new DocumentFixture();

        fixture.Write(("orders", $"{{ }}{new string(' ', 512 * 1024)}"));

        Assert.Contains("more than 524288; write the services into documents of their own", Assert.Single(fixture.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_OfMoreThanTheConfigurationHolds_ApplyAsFarAsTheyFit()
    {
        using var fixture = new DocumentFixture();
        string Long(int i) => $$"""{ "Endpoints": [ { "Address": "http://a:1", "Labels": { "n": "{{i}}{{new string('x', 500_000)}}" } } ] }""";

        fixture.Write([.. Enumerable.Range(0, 10).Select(i => (string.Create(CultureInfo.InvariantCulture, $"s{i}"), (string?)Long(i)))]);

        int inForce = fixture.Source.Status.Count(static d => d.State == PolicyDocumentState.InForce);
        Assert.Equal(8, inForce);
        Assert.Equal(10 - inForce, fixture.Refusals.Length);
    }

    [Fact]
    public void Document_ThatBecomesBad_StaysInItsLastGoodForm()
    {
        using var fixture = new DocumentFixture();
        fixture.Write(("orders", TwoSeconds));

        fixture.Write(("orders", """{ "Timeout": "soon" }"""), ("stock", TwoSeconds));

        Assert.Equal(TimeSpan.FromSeconds(2), fixture.Orders.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(2), fixture.Policy.For("stock").Timeout);
        Assert.Equal((PolicyDocumentState.LastGood, PolicyDocumentState.InForce), (fixture.State("orders"), fixture.State("stock")));
        Assert.Contains("its last good form stays in force", Assert.Single(fixture.Refusals), StringComparison.Ordinal);

        fixture.Write(("orders", null));
        Assert.Equal(ServicePolicy.Default.Timeout, fixture.Orders.Timeout);
        fixture.Write(("orders", """{ "Timeout": "00:00:07" }"""));
        Assert.Equal(TimeSpan.FromSeconds(7), fixture.Orders.Timeout);
    }

    [Fact]
    public void Refusal_OfTheSame_IsLoggedOnceAndAgainWhenItIsAnother()
    {
        using var fixture = new DocumentFixture();
        fixture.Write(("orders", """{ "Timeout": "soon" }"""));

        fixture.Write(("stock", TwoSeconds));
        fixture.Write(("stock", """{ "Timeout": "00:00:03" }"""));
        Assert.Single(fixture.Refusals);

        fixture.Write(("orders", """{ "Timeout": "later" }"""));
        Assert.Equal(2, fixture.Refusals.Length);
        fixture.Write(("orders", TwoSeconds));
        fixture.Write(("orders", """{ "Timeout": "later" }"""));
        Assert.Equal(3, fixture.Refusals.Length);
    }

    [Fact]
    public void Documents_ThatDoNotGoTogether_TheOneInForceStays()
    {
        using var fixture = new DocumentFixture();
        fixture.Write(("orders", """{ "CircuitBreaker": { "BreakDuration": "00:02:00" } }"""));

        fixture.Write(("_all", """{ "Defaults": { "CircuitBreaker": { "MaxBreakDuration": "00:01:00" } } }"""), ("stock", TwoSeconds));

        Assert.Equal((PolicyDocumentState.InForce, PolicyDocumentState.Refused, PolicyDocumentState.InForce), (fixture.State("orders"), fixture.State("_all"), fixture.State("stock")));
        Assert.Equal(TimeSpan.FromMinutes(2), fixture.Orders.Breaker.BreakDuration);
    }

    [Fact]
    public void Configuration_ThatADocumentDoesNotGoWith_Wins()
    {
        MutableSource section = ConfigurationFixture.Source(("Defaults:Timeout", "00:00:08"));
        using var fixture = new DocumentFixture(section);
        fixture.Write(("orders", """{ "CircuitBreaker": { "BreakDuration": "00:02:00" } }"""), ("stock", TwoSeconds));

        section.Replace(ConfigurationFixture.InMesh(("Defaults:CircuitBreaker:MaxBreakDuration", "00:01:00")));
        fixture.Settle();

        Assert.Equal(TimeSpan.FromMinutes(1), fixture.Orders.Breaker.MaxBreakDuration);
        Assert.Equal((PolicyDocumentState.Refused, PolicyDocumentState.InForce), (fixture.State("orders"), fixture.State("stock")));
        Assert.Contains("is longer than MaxBreakDuration (00:01:00)", Assert.Single(fixture.Refusals), StringComparison.Ordinal);

        section.Replace(ConfigurationFixture.InMesh(("Defaults:Timeout", "00:00:08")));
        fixture.Settle();
        Assert.Equal(PolicyDocumentState.InForce, fixture.State("orders"));
    }

    [Fact]
    public void Configuration_ThatIsBadByItself_IsRefusedAndDocumentsGoOn()
    {
        MutableSource section = ConfigurationFixture.Source(("Defaults:Timeout", "00:00:08"));
        using var fixture = new DocumentFixture(section);

        // What the document overrides is no less bad: it would be in force once the document is deleted.
        section.Replace(ConfigurationFixture.InMesh(("Defaults:Timeout", "00:00:07"), ("Services:orders:Timeout", "60")));
        fixture.Write(("orders", TwoSeconds));

        Assert.Single(fixture.Logger.Of(1001));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8)), (fixture.Orders.Timeout, fixture.Policy.Defaults.Timeout));
        Assert.Empty(fixture.Refusals);
    }

    [Fact]
    public void Configuration_ThatVanishes_IsHeldAndDocumentsGoOn()
    {
        MutableSource section = ConfigurationFixture.Source(("Defaults:Timeout", "00:00:08"));
        using var fixture = new DocumentFixture(section);

        section.Replace();
        fixture.Write(("orders", TwoSeconds));

        Assert.Single(fixture.Logger.Of(1002));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8)), (fixture.Orders.Timeout, fixture.Policy.Defaults.Timeout));
    }

    [Fact]
    public void Documents_OfOneServiceInTwoCases_AreOneAndARefusal()
    {
        using var fixture = new DocumentFixture();
        fixture.Write(("orders", TwoSeconds));

        fixture.Write(("Orders", """{ "Timeout": "00:00:03" }"""));

        Assert.Equal(TimeSpan.FromSeconds(2), fixture.Orders.Timeout);
        Assert.Contains("a second document of the service \"Orders\", beside orders; delete one of them", Assert.Single(fixture.Refusals), StringComparison.Ordinal);

        fixture.Write(("orders", null));
        Assert.Equal((TimeSpan.FromSeconds(3), PolicyDocumentState.InForce), (fixture.Orders.Timeout, fixture.State("Orders")));
    }

    [Theory]
    [InlineData(1000, 3)]
    [InlineData(10_000, 99)]
    public void Documents_OfManyServicesSomeOfThemBad_AreSoonInForce(int count, int bad)
    {
        using var fixture = new DocumentFixture();
        static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"s{i:D5}");
        int[] wrong = [.. Enumerable.Range(0, bad).Select(i => i * (count - 1) / (bad - 1))];
        (string, string?)[] documents = [.. Enumerable.Range(0, count).Select(i => (Name(i), Array.BinarySearch(wrong, i) >= 0 ? """{ "CircuitBreaker": { "BreakDuration": "00:06:00" } }""" : TwoSeconds))];

        long start = TimeProvider.System.GetTimestamp();
        fixture.Write(documents);
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);

        TestContext.Current.TestOutputHelper!.WriteLine($"{count} documents, {bad} bad: {elapsed.TotalMilliseconds:F0} ms");
        Assert.Equal(count - bad, fixture.Source.Status.Count(static d => d.State == PolicyDocumentState.InForce));
        Assert.Equal(wrong.Select(Name), fixture.Source.Status.Where(static d => d.State == PolicyDocumentState.Refused).Select(static d => d.Key));
        Assert.True(elapsed < TimeSpan.FromSeconds(60), $"{elapsed}");
    }

    [Theory]
    [InlineData(400, 99)]
    [InlineData(400, 400)]
    [InlineData(10, 1)]
    public void Trial_OfManyBadDocuments_ReadsTheWholeAFewTimesAndEachDocumentTwiceAtMost(int documents, int bad)
    {
        CheckedDocument[] all = [.. Enumerable.Range(0, documents).Select(static i => Checked(string.Create(CultureInfo.InvariantCulture, $"s{i}")))];
        HashSet<string> wrong = [.. all.Where((_, i) => i * bad / documents != (i + 1) * bad / documents).Select(static d => d.Document.Key)];
        int whole = 0;
        int alone = 0;
        var chosen = new CheckedDocument?[documents];
        var trial = new DocumentTrial(new MeshOptions(), chosen, (tried, only) =>
        {
            whole += only is null ? 1 : 0;
            alone += only is null ? 0 : 1;
            string[] errors = [.. tried.Where(d => only?.Contains(d.Document.Service!) != false && wrong.Contains(d.Document.Key)).Select(static d => d.Document.Key)];
            return new TrialResult(new MeshOptions(), errors);
        });
        List<string> refused = [];

        trial.Add([.. all.Select(static (d, i) => (i, d))], 0, (_, errors) => refused.Add(Assert.Single(errors)));

        Assert.Equal(bad, wrong.Count);
        Assert.Equal(wrong.Order(), refused.Order());
        Assert.Equal(documents - bad, chosen.Count(static d => d is not null));
        Assert.True(whole <= 3, $"{whole} readings of the whole");
        Assert.True(alone <= documents + bad, $"{alone} readings of single documents");
    }

    [Fact]
    public void Documents_ThatAreOnlyGoodTogether_AreInForceThoughOthersAreBad()
    {
        using var fixture = new DocumentFixture(ConfigurationFixture.Source(("Defaults:CircuitBreaker:MaxBreakDuration", "00:01:00")));

        fixture.Write(
            ("_all", """{ "Defaults": { "CircuitBreaker": { "MaxBreakDuration": "00:10:00" } } }"""),
            ("orders", """{ "CircuitBreaker": { "BreakDuration": "00:06:00" } }"""),
            ("stock", """{ "CircuitBreaker": { "BreakDuration": "00:11:00" } }"""));

        Assert.Equal(TimeSpan.FromMinutes(6), fixture.Orders.Breaker.BreakDuration);
        Assert.Equal(
            [PolicyDocumentState.InForce, PolicyDocumentState.InForce, PolicyDocumentState.Refused],
            new[] { "_all", "orders", "stock" }.Select(fixture.State));
        Assert.Contains("Mesh:Services:stock:CircuitBreaker:BreakDuration", Assert.Single(fixture.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_OfManyDocuments_AreLoggedUpToABound()
    {
        using var fixture = new DocumentFixture();

        fixture.Write([.. Enumerable.Range(0, 50).Select(static i => (string.Create(CultureInfo.InvariantCulture, $"s{i}"), (string?)"{ \"Timeout\": 1 }"))]);

        Assert.Equal(20, fixture.Refusals.Length);
        Assert.Contains("30 further", Assert.Single(fixture.Logger.Of(1007)), StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_OfAServiceThatNoDocumentConcerns_IsTheSameObject()
    {
        using var fixture = new DocumentFixture(ConfigurationFixture.Source(("Services:orders:Timeout", "00:00:09")));
        ServicePolicy before = fixture.Orders;

        fixture.Write(("stock", TwoSeconds));

        Assert.Same(before, fixture.Orders);
    }

    private static CheckedDocument Checked(string service) => CheckedDocument.Read(new PolicyDocument(service, service, "{}"), static _ => []);
}
