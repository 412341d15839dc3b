using Mesh.Client.Tests.Discovery;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Services;

/// <summary>Calls that meet the end of their mesh.</summary>
public sealed class DisposedMeshTests
{
    [Fact]
    public async Task Dispose_WhileTheFirstCallWaits_EndsTheCallAtOnce()
    {
        var silent = new FakeSource("Silent");
        using var mesh = new WatchedMesh(m => m.AddEndpointSource(silent), ("Discovery:Sources:0", "Silent"));
        Task call = mesh.GetAsync();
        await Until.HoldsAsync(() => silent.Watching == 1);

        mesh.Dispose();

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Contains("disposed", error.Message, StringComparison.Ordinal);
        await Until.HoldsAsync(() => silent.Watching == 0);
    }

    [Fact]
    public void TryGet_AfterDispose_WatchesNothingAnew()
    {
        var mesh = new WatchedMesh();
        mesh.Dispose();

        Assert.Throws<ObjectDisposedException>(() => mesh.IsService("http://orders/"));
        Assert.False(mesh.IsService("http://example.org/"));
    }
}
