using Mesh.Client.Discovery.Cache;

namespace Mesh.Client.Tests.Discovery.Cache;

/// <summary>What the folder's keeper does with a disk that is not well, and with files that are not ours.</summary>
public sealed class CacheStoreTests
{
    private const string Folder = CacheFixture.Folder;
    private const int FileEvent = 2100;
    private const int FolderEvent = 2101;

    private readonly CacheFixture _cache = new();

    private CacheStore Store => _cache.Store;

    [Fact]
    public void Write_IntoAMissingFolder_MakesItAndReadsBack()
    {
        Assert.True(Store.Write(Folder, "orders", _cache.Answer(3)));

        Assert.Equal(3, Store.Read(Folder, "orders")?.Set.Endpoints.Length);
        Assert.Equal([CacheFileName.Of("orders")], _cache.Disk.Names);
        Assert.Empty(_cache.Log.Warnings);
    }

    [Fact]
    public void Read_OfWhatIsNotThere_IsSilentAndMakesNothing()
    {
        Assert.Null(Store.Read(Folder, "orders"));

        Assert.False(_cache.Disk.HasFolder(Folder));
        Assert.Empty(_cache.Log.Warnings);
    }

    [Theory]
    [InlineData("Write")]
    [InlineData("Replace")]
    [InlineData("List")]
    [InlineData("CreateFolder")]
    public void Write_OnADiskThatFails_KeepsTheOldFileLeavesNoOtherAndWarnsOnce(string operation)
    {
        if (operation is "Write" or "Replace")
        {
            Store.Write(Folder, "orders", _cache.Answer(1));
        }

        string[] before = _cache.Disk.Names;
        _cache.Disk.Before = o => _ = o == operation ? throw new IOException("No space left on device") : 0;

        Assert.False(Store.Write(Folder, "orders", _cache.Answer(2)));
        Assert.False(Store.Write(Folder, "basket", _cache.Answer(2)));

        Assert.Equal(before, _cache.Disk.Names);
        Assert.Equal(before.Length > 0 ? 1 : null, Store.Read(Folder, "orders")?.Set.Endpoints.Length);
        string warning = Assert.Single(_cache.Log.Warnings);
        Assert.Contains(Folder, warning, StringComparison.Ordinal);
        Assert.Contains("No space left on device", warning, StringComparison.Ordinal);
        Assert.Contains("Mesh:Discovery:CacheDirectory", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AfterTheDiskHasRecovered_Works()
    {
        _cache.Disk.Before = static _ => throw new IOException("EIO");
        Assert.False(Store.Write(Folder, "orders", _cache.Answer()));
        _cache.Disk.Before = null;

        Assert.True(Store.Write(Folder, "orders", _cache.Answer()));
    }

    [Fact]
    public void Read_OnADiskThatFails_IsNothingAndWarnsOnceForAllServices()
    {
        Store.Write(Folder, "orders", _cache.Answer());
        _cache.Disk.Before = static o => _ = o == "Read" ? throw new IOException("Input/output error") : 0;

        Assert.Null(Store.Read(Folder, "orders"));
        Assert.Null(Store.Read(Folder, "orders"));

        Assert.Single(_cache.Log.Of(FolderEvent));
    }

    [Theory]
    [InlineData("foreign", "belongs to another user")]
    [InlineData("open", "can be written by others than its owner")]
    [InlineData("link", "is no ordinary file")]
    [InlineData("folder", "is no ordinary file")]
    [InlineData("long", "bytes, more than")]
    [InlineData("torn", "torn")]
    public void Read_AFileThatIsNotAsItShouldBe_IsIgnoredWithOneWarning(string kind, string fault)
    {
        byte[] content = CacheFormat.Write("orders", _cache.Answer());
        string path = CacheFixture.PathOf("orders");
        _cache.Disk.Put(path, kind == "torn" ? content[..^10] : content, e => kind switch
        {
            "foreign" => e with { IsForeign = true },
            "open" => e with { IsOpenToOthers = true },
            "link" => e with { Kind = CacheEntryKind.Link },
            "folder" => e with { Kind = CacheEntryKind.Folder },
            "long" => e with { Length = CacheStore.MaxLength + 1L },
            _ => e,
        });

        Assert.Null(Store.Read(Folder, "orders"));
        Assert.Null(Store.Read(Folder, "orders"));

        string warning = Assert.Single(_cache.Log.Of(FileEvent));
        Assert.Contains(path, warning, StringComparison.Ordinal);
        Assert.Contains(fault, warning, StringComparison.Ordinal);
        Assert.Contains("delete it", warning, StringComparison.Ordinal);
        Assert.Equal(kind == "torn" ? 1 : 0, _cache.Disk.Reads > 0 ? 1 : 0);
    }

    [Theory]
    [InlineData("foreign", "belongs to another user")]
    [InlineData("open", "can be written by others than its owner")]
    [InlineData("file", "is a file")]
    [InlineData("foreign link", "is a link that another user made")]
    [InlineData("dead link", "is a link that leads nowhere")]
    [InlineData("link to open", "can be written by others than its owner")]
    public void Folder_ThatIsNotAsItShouldBe_IsLeftAloneWithOneWarning(string kind, string fault)
    {
        _cache.Disk.Put(CacheFixture.PathOf("orders"), CacheFormat.Write("orders", _cache.Answer()));
        _cache.Disk.PutFolder("/open", new CacheEntry { Kind = CacheEntryKind.Folder, IsOpenToOthers = true });
        _cache.Disk.PutFolder(Folder, kind switch
        {
            "foreign" => new CacheEntry { Kind = CacheEntryKind.Folder, IsForeign = true },
            "open" => new CacheEntry { Kind = CacheEntryKind.Folder, IsOpenToOthers = true },
            "file" => new CacheEntry { Kind = CacheEntryKind.File },
            "foreign link" => new CacheEntry { Kind = CacheEntryKind.Link, IsForeign = true, Target = "/open" },
            "dead link" => new CacheEntry { Kind = CacheEntryKind.Link, Target = "/nowhere" },
            _ => new CacheEntry { Kind = CacheEntryKind.Link, Target = "/open" },
        });

        Assert.Null(Store.Read(Folder, "orders"));
        Assert.False(Store.Write(Folder, "orders", _cache.Answer()));
        Assert.True(Store.Remove(Folder, "orders"));

        Assert.Equal((0, 0), (_cache.Disk.Reads, _cache.Disk.Writes));
        Assert.Single(_cache.Disk.Names);
        Assert.Contains(fault, Assert.Single(_cache.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_ThatIsALinkOfOurs_IsUsed()
    {
        _cache.Disk.PutFolder("/real", new CacheEntry { Kind = CacheEntryKind.Folder });
        _cache.Disk.PutFolder(Folder, new CacheEntry { Kind = CacheEntryKind.Link, Target = "/real" });

        Assert.True(Store.Write(Folder, "orders", _cache.Answer()));
        Assert.NotNull(Store.Read(Folder, "orders"));
    }

    [Fact]
    public void Write_FirstOfAll_ClearsAwayStaleHalvesOfOursOnly()
    {
        string name = CacheFileName.Of("orders");
        _cache.Disk.Put(Path.Combine(Folder, $"{name}.1f-2a.tmp"), [], e => e with { Modified = e.Modified - CacheStore.Stale });
        _cache.Disk.Put(Path.Combine(Folder, $"{name}.1f-2b.tmp"), [], e => e with { Modified = e.Modified - CacheStore.Stale + TimeSpan.FromTicks(1) });
        _cache.Disk.Put(Path.Combine(Folder, "mine.tmp"), [], e => e with { Modified = e.Modified - TimeSpan.FromDays(900) });

        Store.Write(Folder, "basket", _cache.Answer());

        Assert.Equal([CacheFileName.Of("basket"), "mine.tmp", $"{name}.1f-2b.tmp"], _cache.Disk.Names);
    }

    [Fact]
    public void Write_OfMoreServicesThanTheFolderHolds_TakesOutTheOldest()
    {
        var cache = new CacheFixture(maxFiles: 20);
        cache.Disk.Put(Path.Combine(Folder, "mine.json"), []);
        for (int i = 0; i < 100; i++)
        {
            cache.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(cache.Store.Write(Folder, $"service-{i}", cache.Answer()));
            Assert.True(cache.Store.Write(Folder, "busy", cache.Answer()));
            Assert.InRange(cache.Disk.Names.Length, 1, 21);
        }

        Assert.NotNull(cache.Store.Read(Folder, "busy"));
        Assert.NotNull(cache.Store.Read(Folder, "service-99"));
        Assert.NotNull(cache.Store.Read(Folder, "service-90"));
        Assert.Null(cache.Store.Read(Folder, "service-70"));
        Assert.Contains("mine.json", cache.Disk.Names);
    }

    [Fact]
    public void Remove_OfAService_LeavesTheOthers()
    {
        Store.Write(Folder, "orders", _cache.Answer());
        Store.Write(Folder, "basket", _cache.Answer());

        Assert.True(Store.Remove(Folder, "orders"));
        Assert.True(Store.Remove(Folder, "orders"));

        Assert.Null(Store.Read(Folder, "orders"));
        Assert.NotNull(Store.Read(Folder, "basket"));
    }
}
