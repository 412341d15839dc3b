using Mesh.Client.Model;
using Mesh.Client.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Mesh.Client.Tests.Options;

/// <summary>Real files, watched by the runtime.</summary>
public sealed class JsonFileTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mesh-options-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Reload_HalfWrittenFileThenWhole_KeepsThePolicyAndThenTakesTheNewOne()
    {
        const string Whole = """{ "Mesh": { "Services": { "orders": { "Timeout": "00:00:09", "Endpoints": [ { "Address": "http://c:1" } ] } } } }""";
        string file = Write("appsettings.json", """{ "Mesh": { "Services": { "orders": { "Timeout": "00:00:01", "Endpoints": [ { "Address": "http://a:1" }, { "Address": "http://b:1" } ] } } } }""");
        using var fixture = new ConfigurationFixture();
        IConfigurationRoot root = Watch(file);
        fixture.Setup.Section = root.GetSection("Mesh");
        MeshConfiguration configuration = fixture.Start(root);
        MeshPolicy before = configuration.Current;

        await ReloadAfter(root, () => File.WriteAllText(file, Whole[..60]), () => root["Mesh:Services:orders:Timeout"] is null);
        fixture.Settle();
        Assert.Same(before, configuration.Current);
        Assert.Single(fixture.Logger.Of(1002));

        await ReloadAfter(root, () => File.WriteAllText(file, Whole), () => root["Mesh:Services:orders:Timeout"] == "00:00:09");
        fixture.Settle();
        Assert.Equal(TimeSpan.FromSeconds(9), configuration.Current.For("orders").Timeout);
        Assert.Equal(["http://c:1"], configuration.Current.For("orders").Endpoints.Select(static e => e.ToString()));
        (root as IDisposable)?.Dispose();
    }

    [Fact]
    public void Start_TwoFiles_TakesTheListOfTheSecondWhole()
    {
        IConfigurationRoot root = new ConfigurationBuilder()
            .AddJsonFile(Write("appsettings.json", """
                {
                  // comments are allowed
                  "Mesh": {
                    "Services": { "orders": { "Timeout": "00:00:03", "Endpoints": [ { "Address": "http://a:1", "Weight": 5 }, { "Address": "http://b:1" }, { "Address": "http://c:1" } ], "Retry": { "On": [ "reset", "500" ] } }, "bare": { } }
                  }
                }
                """))
            .AddJsonFile(Write("appsettings.Production.json", """{ "Mesh": { "Services": { "orders": { "Endpoints": [ { "Address": "http://x:1" }, { "Address": "http://y:1" } ], "Retry": { "On": [] } } } } }"""))
            .Build();
        using var fixture = new ConfigurationFixture();
        fixture.Setup.Section = root.GetSection("Mesh");

        MeshPolicy policy = fixture.Start(root).Current;

        Assert.Equal(["http://x:1", "http://y:1"], policy.For("orders").Endpoints.Select(static e => e.ToString()));
        Assert.Equal(1, policy.For("orders").Endpoints[0].Weight);
        Assert.Equal(TimeSpan.FromSeconds(3), policy.For("orders").Timeout);
        Assert.Empty(policy.For("orders").Retry.StatusCodes);
        Assert.Equal(RetryConditions.None, policy.For("orders").Retry.Conditions);
        Assert.Contains("bare", policy.Services.Keys);
    }

    [Fact]
    public void Start_NumbersWhereDurationsBelong_AreRefused()
    {
        IConfigurationRoot root = new ConfigurationBuilder().AddJsonFile(Write("appsettings.json", """{ "Mesh": { "Services": { "orders": { "Timeout": 30 } } } }""")).Build();
        using var fixture = new ConfigurationFixture();
        fixture.Setup.Section = root.GetSection("Mesh");

        Assert.Contains("write \"00:00:30\" for 30 seconds", Assert.Throws<MeshOptionsException>(() => fixture.Start(root)).Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Watch(string file) => new ConfigurationBuilder()
        .AddJsonFile(source =>
        {
            source.Path = file;
            source.ReloadOnChange = true;
            source.ReloadDelay = 0;
            source.OnLoadException = static context => context.Ignore = true;
            source.ResolveFileProvider();
        })
        .Build();

    private static async Task ReloadAfter(IConfigurationRoot root, Action change, Func<bool> arrived)
    {
        var reloaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable watch = ChangeToken.OnChange(root.GetReloadToken, () =>
        {
            if (arrived())
            {
                reloaded.TrySetResult();
            }
        });
        change();
        await reloaded.Task.WaitAsync(s_deadline, TestContext.Current.CancellationToken);
    }

    private string Write(string name, string content)
    {
        string file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, content);
        return file;
    }
}
