using System.Runtime.InteropServices;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.AspNetCore.Tests.Lifecycle;

/// <summary>Signals that come while an instance stops. They go to all of the process, and whatever host another test has running stops with them.</summary>
[Collection(Alone.Name)]
public sealed class StopSignalTests
{
    [Fact]
    public async Task Stop_WithASecondSignal_EndsAtOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "signals are sent by kill(2)");
        using PosixSignalRegistration survive = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static c => c.Cancel = true);
        await using InstanceApp app = await new InstanceApp().RegisteredAsync();
        Task stop = app.App.StopAsync(TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => app.Registry.Deregistered.Length == 1);
        await Until.HoldsAsync(() => app.Clock.ActiveTimers > 0);
        Assert.False(stop.IsCompleted);

        Assert.Equal(0, Kill(Environment.ProcessId, 15));
        await stop;
        Assert.Contains("told to stop again", Assert.Single(app.Log.Of(4023)), StringComparison.Ordinal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
