using Mesh.Client.Discovery.Cache;
using Mesh.Client.Options;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Discovery.Cache;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Policies;

/// <summary>Documents that outlive the process, for a start while their source is down.</summary>
public sealed class PolicyCopyTests
{
    private const string Folder = "/cache";
    private const string TwoSeconds = """{ "Timeout": "00:00:02" }""";
    private readonly FakeDisk _disk = new(new ManualTimeProvider());

    [Fact]
    public async Task Documents_OfTheProcessBefore_ApplyUntilTheSourceAnswers()
    {
        await KeepAsync(ScriptedPolicies.Orders(TwoSeconds));
        var answers = new TaskCompletionSource();
        var source = new ScriptedPolicies(_ => ScriptedPolicies.Throw("down"), token => After(answers.Task, ScriptedPolicies.Orders("""{ "Timeout": "00:00:03" }"""), token));
        using ScriptedMesh mesh = Start(source);

        await UntilAsync(mesh, 2);
        Assert.Single(mesh.Log.Of(2033));
        answers.SetResult();
        await UntilAsync(mesh, 3);
    }

    [Fact]
    public async Task Document_ThatIsBadAtTheStart_StaysInTheGoodFormOfTheProcessBefore()
    {
        await KeepAsync(ScriptedPolicies.Orders(TwoSeconds), ScriptedPolicies.Orders("""{ "Timeout": "soon" }"""));
        var answers = new TaskCompletionSource();
        using ScriptedMesh mesh = Start(new ScriptedPolicies(token => After(answers.Task, ScriptedPolicies.Orders("""{ "Timeout": "soon" }"""), token)));

        await UntilAsync(mesh, 2);
        answers.SetResult();
        await UntilAsync(mesh, () => mesh.Log.Of(1006).Length == 1);

        Assert.Equal(2, Seconds(mesh));
    }

    [Fact]
    public async Task Documents_ThatWereDeleted_DoNotComeBack()
    {
        await KeepAsync(ScriptedPolicies.Orders(TwoSeconds), PolicyDocuments.None);
        using ScriptedMesh mesh = Start(new ScriptedPolicies(_ => ScriptedPolicies.Throw("down")));

        await UntilAsync(mesh, () => mesh.Log.Of(2033).Length == 1);

        Assert.NotEqual(2, Seconds(mesh));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(-1)]
    public async Task File_ThatIsTorn_IsIgnoredAndReplaced(int length)
    {
        await KeepAsync(ScriptedPolicies.Orders(TwoSeconds));
        string path = $"{Folder}/{Assert.Single(_disk.Names)}";
        byte[] content = _disk.ContentOf(path);
        _disk.Put(path, length < 0 ? [.. content.Select(static (b, i) => i == 150 ? (byte)(b ^ 1) : b)] : content[..length]);
        using ScriptedMesh mesh = Start(new ScriptedPolicies(_ => ScriptedPolicies.Throw("down")));

        await UntilAsync(mesh, () => mesh.Log.Of(2100).Length == 1);

        Assert.NotEqual(2, Seconds(mesh));
        await KeepAsync(ScriptedPolicies.Orders(TwoSeconds));
        Assert.Equal(content, _disk.ContentOf(path));
    }

    [Fact]
    public async Task File_OfAnotherUser_IsIgnored()
    {
        await KeepAsync(ScriptedPolicies.Orders(TwoSeconds));
        string path = $"{Folder}/{Assert.Single(_disk.Names)}";
        _disk.Put(path, _disk.ContentOf(path), static e => e with { IsForeign = true });
        using ScriptedMesh mesh = Start(new ScriptedPolicies(_ => ScriptedPolicies.Throw("down")));

        await UntilAsync(mesh, () => mesh.Log.Of(2100).Length == 1);

        Assert.NotEqual(2, Seconds(mesh));
    }

    [Fact]
    public async Task Disk_ThatHangs_HoldsUpNobody()
    {
        using var release = new ManualResetEventSlim();
        _disk.Before = _ => release.Wait();
        using (ScriptedMesh mesh = Start(new ScriptedPolicies(token => ScriptedPolicies.SayAndHang(ScriptedPolicies.Orders(TwoSeconds), token))))
        {
            await UntilAsync(mesh, 2);
        }

        release.Set();
    }

    [Fact]
    public async Task Source_WithoutDocuments_WritesNothing()
    {
        using ScriptedMesh mesh = Start(new ScriptedPolicies(token => ScriptedPolicies.SayAndHang(PolicyDocuments.None, token)));
        await UntilAsync(mesh, () => mesh.Provider.GetRequiredService<Mesh.Client.Services.IMeshStatus>().GetPolicySources()[0].Age is not null);

        Assert.Empty(_disk.Names);
    }

    /// <summary>A process whose source says this, one after the other, until the last of it is on the disk.</summary>
    private async Task KeepAsync(params PolicyDocuments[] said)
    {
        int number = 0;
        var next = new SemaphoreSlim(0);
        int before = _disk.Writes;
        using ScriptedMesh mesh = Start(new ScriptedPolicies(token => Each(said, next, token)));
        foreach (PolicyDocuments documents in said)
        {
            next.Release();
            number++;
            bool isBad = documents.Documents.Any(static d => d.Json.Contains("soon", StringComparison.Ordinal));
            int writes = isBad ? _disk.Writes : before + number;
            await UntilAsync(mesh, () => isBad ? mesh.Log.Of(1006).Length > 0 : _disk.Writes >= writes && _disk.Names.All(static n => n.EndsWith(".json", StringComparison.Ordinal)));
        }
    }

    private ScriptedMesh Start(IPolicySource source) => new(
        mesh: m => m.AddPolicySource(source),
        services: s => s.AddSingleton<ICacheDisk>(_disk),
        section: new Dictionary<string, string?> { ["Discovery:CacheDirectory"] = Folder });

    private static async IAsyncEnumerable<PolicyDocuments> Each(PolicyDocuments[] said, SemaphoreSlim next, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (PolicyDocuments documents in said)
        {
            await next.WaitAsync(cancellationToken);
            yield return documents;
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static async IAsyncEnumerable<PolicyDocuments> After(Task task, PolicyDocuments documents, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await task.WaitAsync(cancellationToken);
        yield return documents;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static double Seconds(ScriptedMesh mesh) => mesh.Services.Engine.Configuration.Current.For("orders").Timeout.TotalSeconds;

    private static Task UntilAsync(ScriptedMesh mesh, double seconds) => UntilAsync(mesh, () => Seconds(mesh).Equals(seconds));

    private static Task UntilAsync(ScriptedMesh mesh, Func<bool> condition)
    {
        _ = mesh.Services;
        return mesh.Clock.AdvanceUntilAsync(condition, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);
    }
}
