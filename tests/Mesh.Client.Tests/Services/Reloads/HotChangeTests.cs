namespace Mesh.Client.Tests.Services.Reloads;

/// <summary>Reloads under load. The long form, with <c>MESH_LONG=1</c>, makes 10 000 of them.</summary>
[Collection(Alone.Name)]
public sealed class HotChangeTests
{
    private const long MostGrowth = 2 * 1024 * 1024;
    private static readonly int s_reloads = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? 10_000 : 400;

    [Fact]
    public async Task Reloads_UnderLoad_EachCallSeesOneVersionNoneFailsAndNothingIsLeftBehind()
    {
        await using var mesh = new HotMesh(callers: 4);
        await mesh.CallsAsync(10);
        long before = 0;
        for (int version = 2; version <= s_reloads && mesh.Faults.Count == 0; version++)
        {
            // Every third is overtaken by the next before anybody may have seen it.
            await mesh.ReloadAsync(version, applied: version % 3 != 0);
            if (version % 3 != 0)
            {
                await mesh.CallsAsync(8);
            }

            if (version == s_reloads / 4)
            {
                before = Heap();
            }
        }

        long after = Heap();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{s_reloads} reloads, {mesh.Calls} calls, {mesh.VersionsSeen} versions seen by calls, heap {before / 1024} KB after a quarter, {after / 1024} KB at the end");
        Assert.Empty(mesh.Faults);
        Assert.True(mesh.VersionsSeen > s_reloads / 3, $"{mesh.VersionsSeen} versions seen");
        Assert.True(after - before < MostGrowth, $"the heap grew from {before} to {after} bytes");
    }

    // The callers go on meanwhile: a reading counts what they allocated since the collection, which nobody kept.
    private static long Heap() => Enumerable.Range(0, 8).Min(static _ => GC.GetTotalMemory(forceFullCollection: true));
}
