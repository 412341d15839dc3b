using System.Runtime.InteropServices;
using System.Text;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Discovery.Cache;

/// <summary>The real disk, in a folder of the test's own.</summary>
public sealed class SystemCacheDiskTests : IDisposable
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _root = Directory.CreateTempSubdirectory("mesh-cache-").FullName;
    private readonly SystemCacheDisk _disk = new();
    private readonly CacheFixture _cache = new();
    private readonly CacheStore _store;

    public SystemCacheDiskTests() => _store = new CacheStore(_disk, _cache.Clock, new SeededRandom(1), _cache.Log);

    private string Folder => Path.Combine(_root, "a", "b", "cache");

    private string Orders => Path.Combine(Folder, CacheFileName.Of("orders"));

    [Fact]
    public void Write_IntoAMissingFolder_IsForThisUserOnly()
    {
        Assert.True(_store.Write(Folder, "orders", _cache.Answer(3)));

        Assert.Equal(3, _store.Read(Folder, "orders")?.Set.Endpoints.Length);
        Assert.Equal([Orders], Directory.GetFiles(Folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(Mine, File.GetUnixFileMode(Orders));
            Assert.Equal(Mine | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
            Assert.Equal(Mine | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Folder)!));
        }
    }

    [Fact]
    public void Write_Again_ReplacesAndLeavesNoOtherFile()
    {
        for (int i = 1; i <= 50; i++)
        {
            Assert.True(_store.Write(Folder, "orders", _cache.Answer(i)));
        }

        Assert.Equal(50, _store.Read(Folder, "orders")?.Set.Endpoints.Length);
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("below a file")]
    [InlineData("/proc/mesh-client")]
    [InlineData("with\0zero")]
    public void Folder_ThatCannotBeOne_WarnsOnceAndHurtsNobody(string kind)
    {
        string file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        string folder = kind switch
        {
            "file" => file,
            "below a file" => Path.Combine(file, "cache"),
            _ => kind,
        };

        Assert.False(_store.Write(folder, "orders", _cache.Answer()));
        Assert.False(_store.Write(folder, "basket", _cache.Answer()));
        Assert.Null(_store.Read(folder, "orders"));

        Assert.Contains(folder, Assert.Single(_cache.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AFileOrFolderThatOthersMayWrite_IsIgnored()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes");
        _store.Write(Folder, "orders", _cache.Answer());

        Chmod(Orders, Mine | UnixFileMode.GroupWrite);
        Assert.Null(_store.Read(Folder, "orders"));
        Chmod(Orders, Mine | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Assert.NotNull(_store.Read(Folder, "orders"));
        Chmod(Folder, Mine | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        Assert.Null(_store.Read(Folder, "orders"));
        Assert.False(_store.Write(Folder, "orders", _cache.Answer()));

        Assert.Equal(2, _cache.Log.Warnings.Length);
    }

    [Fact]
    public void Read_AFileOfAnotherUser_IsIgnored()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root may give a file away");
        _store.Write(Folder, "orders", _cache.Answer());
        _store.Write(Folder, "basket", _cache.Answer());

        Assert.Equal(0, lchown(Encoding.UTF8.GetBytes(Orders + '\0'), 65534, 65534));

        Assert.Null(_store.Read(Folder, "orders"));
        Assert.Contains("belongs to another user", Assert.Single(_cache.Log.Warnings), StringComparison.Ordinal);
        Assert.NotNull(_store.Read(Folder, "basket"));
        Assert.Equal(0, lchown(Encoding.UTF8.GetBytes(Folder + '\0'), 65534, 65534));
        Assert.Null(_store.Read(Folder, "basket"));
    }

    [Fact]
    public void Write_WhereALinkStands_ReplacesTheLinkAndNotWhatItLeadsTo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows gives links to few");
        _store.Write(Folder, "basket", _cache.Answer());
        string secret = Path.Combine(_root, "secret");
        File.WriteAllText(secret, "untouched");
        File.CreateSymbolicLink(Orders, secret);

        Assert.Null(_store.Read(Folder, "orders"));
        Assert.True(_store.Write(Folder, "orders", _cache.Answer()));

        Assert.Equal("untouched", File.ReadAllText(secret));
        Assert.Null(new FileInfo(Orders).LinkTarget);
        Assert.NotNull(_store.Read(Folder, "orders"));
        Assert.Throws<IOException>(() =>
        {
            File.CreateSymbolicLink(Path.Combine(Folder, "trap"), secret);
            _disk.Write(Path.Combine(Folder, "trap"), [1]);
        });
    }

    [Fact]
    public void Folder_ThatIsALink_IsFollowedWhereItIsOurs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows gives links to few");
        string real = Path.Combine(_root, "real");
        _disk.CreateFolder(real);
        string link = Path.Combine(_root, "link");
        Directory.CreateSymbolicLink(link, real);

        Assert.True(_store.Write(link, "orders", _cache.Answer()));

        Assert.NotNull(_store.Read(real, "orders"));
        Assert.Equal(real, _disk.Look(link)?.Target);
    }

    [Fact]
    public async Task Write_ByTwoProcessesAtOnce_LeavesOneWholeFile()
    {
        var other = new CacheStore(_disk, _cache.Clock, new SeededRandom(2), _cache.Log);
        using var done = new CancellationTokenSource();
        Task reading = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                _store.Read(Folder, "orders");
            }
        }, TestContext.Current.CancellationToken);

        Together.Run(2, i =>
        {
            for (int n = 1; n <= 300; n++)
            {
                Assert.True((i == 0 ? _store : other).Write(Folder, "orders", _cache.Answer(n)));
            }
        });
        await done.CancelAsync();
        await reading;

        Assert.Empty(_cache.Log.Warnings);
        Assert.Equal(300, _store.Read(Folder, "orders")?.Set.Endpoints.Length);
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Fact]
    public void OfThisApplication_IsAFolderOfItsOwn()
    {
        string folder = CacheFolder.OfThisApplication();

        Assert.EndsWith(Path.Combine("mesh-client", CacheFileName.Safe(AppDomain.CurrentDomain.FriendlyName)), folder, StringComparison.Ordinal);
        Assert.True(Path.IsPathFullyQualified(folder));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static void Chmod(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

#pragma warning disable SYSLIB1054, CA5392, IDE1006
    [DllImport("libc")]
    private static extern int lchown(byte[] path, uint user, uint group);
#pragma warning restore SYSLIB1054, CA5392, IDE1006
}
