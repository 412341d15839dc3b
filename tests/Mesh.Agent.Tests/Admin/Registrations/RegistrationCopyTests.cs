using Mesh.Agent.Admin.Registrations;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Agent.Tests.Admin.Registrations;

/// <summary>What is kept of the programs for the agent's next start.</summary>
public sealed class RegistrationCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-agent-").FullName;
    private readonly ManualResetEventSlim _disk = new();

    public void Dispose()
    {
        _disk.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task WrittenAsync_WhileTheDiskIsSlow_EndsWithTheLastOfAll()
    {
        RegistrationCopy copy = Copy(WaitForTheDisk);
        Assert.True(copy.WrittenAsync().IsCompleted);
        copy.Keep([new KeptRegistration("gone", "{}")]);
        copy.Keep([new KeptRegistration("kept", "{}")]);
        Task written = copy.WrittenAsync();
        Assert.False(written.IsCompleted);

        _disk.Set();
        await written.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal("kept", Assert.Single(Copy(() => _folder).Read()).Id);
    }

    private string WaitForTheDisk()
    {
        _disk.Wait(TimeSpan.FromSeconds(30));
        return _folder;
    }

    private static RegistrationCopy Copy(Func<string> folder) => new(new CacheStore(new SystemCacheDisk(), new ManualTimeProvider(), new SeededRandom(1), NullLogger.Instance), folder, "agent");
}
