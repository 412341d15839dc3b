using System.Runtime.InteropServices;
using Mesh.Agent.Options;
using Mesh.Client.AspNetCore.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Mesh.Agent.Commands;

/// <summary>
/// What signals mean to a running agent. The first to stop the host hears by itself; another one means that whoever sends it waits no longer for what is under way. SIGHUP has the file looked at now, as with other servers, and
/// does not end the process.
/// </summary>
internal sealed class RunSignals : IDisposable
{
    private readonly PosixSignalRegistration? _hangUp;
    private readonly CancellationTokenSource _hurry = new();
    private StopSignals? _again;

    public RunSignals(IConfigurationRoot configuration)
    {
        if (OperatingSystem.IsWindows())
        {
            // There it says that the console is closed, and nobody asks whether one likes it.
            return;
        }

        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            foreach (AgentFileProvider file in configuration.Providers.OfType<AgentFileProvider>())
            {
                file.LookNow();
            }
        });
    }

    /// <summary>Runs a host until it is told to stop, and stops it.</summary>
    /// <param name="host">The host; it was started.</param>
    /// <param name="cancellationToken">Tells it to stop too.</param>
    public async Task WaitAsync(IHost host, CancellationToken cancellationToken)
    {
        IHostApplicationLifetime lifetime = (IHostApplicationLifetime)host.Services.GetService(typeof(IHostApplicationLifetime))!;
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration stopping = lifetime.ApplicationStopping.Register(told.SetResult);
        using CancellationTokenRegistration cancelled = cancellationToken.Register(lifetime.StopApplication);
        await told.Task.ConfigureAwait(false);
        _again = new StopSignals(_hurry.Cancel);
        try
        {
            await host.StopAsync(_hurry.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_hurry.IsCancellationRequested)
        {
            // What was under way is cut off, as it was asked for.
        }
    }

    // The source is not disposed: a signal may come at any time, and it holds nothing.
    public void Dispose()
    {
        _hangUp?.Dispose();
        _again?.Dispose();
    }
}
